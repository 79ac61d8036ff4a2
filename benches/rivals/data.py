#!/usr/bin/env python3
"""Writes the files of the benchmark from AG News: `data.py FROM TO`.

FROM holds agnews_train20k.jsonl.gz and agnews_test.jsonl.gz, whose lines are
{"text": ..., "label": "World" | "Sports" | "Business" | "Sci/Tech"}. TO gets, one text a line
wherever the name ends in .txt:

    train.jsonl                 the training texts as copydesk reads them
    train.ft                    the same for fastText: __label__N before the text
    train.txt, train.labels     the same for the others: texts, and numbers 1 to 4
    test.txt, test.labels       the test texts
    test.jsonl                  the same as JSON lines, a paragraph each
    one.txt                     the first of them
    big.txt, big.jsonl          760,000 lines, and the same as JSON lines, a paragraph each
    cut.txt                     the first 50,000 of them, for tools that would take minutes

The big file repeats the different texts of both files, in a new order (seeded by the number of the round)
each time, so that a line never stands next to itself and its next appearance is thousands of lines off.
Texts are written as they are, with their line ends made blanks; nothing is lower-cased, cut or counted
here: that is the work that is measured.
"""

import gzip
import json
import random
import sys
from pathlib import Path

# copydesk's labels are fixed; four topics stand in for them.
LABELS = {"World": "reporting", "Sports": "quotation", "Business": "commentary", "Sci/Tech": "call_to_action"}
NUMBERS = {name: number for number, name in enumerate(LABELS, start=1)}
BIG = 760_000
CUT = 50_000


def rows(path):
    """Texts on one line each, with their topics."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield " ".join(row["text"].split()), row["label"]


def paragraph(number, text, **more):
    """A row of copydesk's: an article of one paragraph."""
    return json.dumps({"article": f"t{number}", "index": 0, "text": text, **more}, ensure_ascii=False)


def write(path, lines):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.writelines(line + "\n" for line in lines)


def repeated(texts, count):
    """`count` lines from rounds through the texts, each in an order of its own."""
    last = None
    texts = list(dict.fromkeys(texts))
    seed = 0
    while count > 0:
        order = texts[:]
        random.Random(seed).shuffle(order)
        if order[0] == last:
            order.reverse()
        yield from order[:count]
        count -= len(order)
        last = order[-1]
        seed += 1


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: data.py FROM TO (see the head of this file)")
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    train = list(rows(source / "agnews_train20k.jsonl.gz"))
    test = list(rows(source / "agnews_test.jsonl.gz"))

    write(target / "train.jsonl", (paragraph(n, text, label=LABELS[topic]) for n, (text, topic) in enumerate(train)))
    write(target / "train.ft", (f"__label__{NUMBERS[topic]} {text}" for text, topic in train))
    for name, part in ("train", train), ("test", test):
        write(target / f"{name}.txt", (text for text, _ in part))
        write(target / f"{name}.labels", (str(NUMBERS[topic]) for _, topic in part))
    write(target / "test.jsonl", (paragraph(n, text) for n, (text, _) in enumerate(test)))
    write(target / "one.txt", [test[0][0]])

    big = list(repeated([text for text, _ in test + train], BIG))
    write(target / "big.txt", big)
    write(target / "big.jsonl", (paragraph(n, text) for n, text in enumerate(big)))
    write(target / "cut.txt", big[:CUT])


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes a large set of labelled rows from a small one, for measuring training.

    benches/pool.py rows.jsonl 120000 > pooled.jsonl

Each new text is the first half of the words of one text and the second half of another with the same
label, both drawn by a seeded generator, so that the same call gives the same bytes. Words and pairs of
words keep the frequencies of the original, and pairs that stand in one text only are spread over several:
the vocabulary is large, as that of a large set is. Rows need `text` and `label`; each is an article of
its own. The figures of models that are trained on such rows mean nothing.
"""

import argparse
import json
import random
import sys


def halves(text):
    words = text.split()
    middle = len(words) // 2
    return words[:middle], words[middle:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", help="labelled rows, JSON lines")
    parser.add_argument("count", type=int, help="how many rows to make")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    by_label = {}
    with open(given.rows, encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            if row.get("label"):
                by_label.setdefault(row["label"], []).append(halves(row["text"]))
    labels = [label for label, texts in by_label.items() for _ in texts]

    draw = random.Random(given.seed)
    for number in range(given.count):
        label = draw.choice(labels)
        texts = by_label[label]
        text = " ".join(draw.choice(texts)[0] + draw.choice(texts)[1])
        row = {"article": f"p{number}", "index": 0, "text": text, "label": label}
        sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

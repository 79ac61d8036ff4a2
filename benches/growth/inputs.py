"""Inputs of any size, made of the paragraphs of data/: the same every time."""

import json
import random
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LABELS = ["reporting", "quotation", "commentary", "call_to_action"]
BLOCK = 10_000_000


def corpus():
    """The rows of data/, in the order of files and lines."""
    rows = []
    for file in sorted((ROOT / "data").glob("*.jsonl")):
        with open(file, encoding="utf-8") as lines:
            rows.extend(json.loads(line) for line in lines)
    return rows


def line(row):
    return json.dumps(row, ensure_ascii=False) + "\n"


def paragraphs(count):
    """So many paragraphs, the corpus again and again."""
    rows = corpus()
    for number in range(count):
        yield rows[number % len(rows)]["text"]


def repeated(path, block, size):
    """A file of so many bytes, or one line less: the block again and again."""
    with open(path, "wb") as out:
        left = size
        while left > 0:
            part = block if left >= len(block) else block[: block.rfind(b"\n", 0, left) + 1]
            if not part:
                break
            out.write(part)
            left -= len(part)


def block_of(make):
    """Ten megabytes of the lines that `make` makes of a row and its number."""
    rows = corpus()
    block = bytearray()
    number = 0
    while len(block) < BLOCK:
        block += make(rows[number % len(rows)], number).encode()
        number += 1
    return bytes(block)


def rows_of_paragraphs(path, size):
    """JSON lines of one paragraph each, of articles as long as those of the corpus."""

    def make(row, number):
        return line({"article": row["article"], "index": row["index"], "text": row["text"]})

    repeated(path, block_of(make), size)


def plain_lines(path, size):
    """A paragraph a line."""
    repeated(path, block_of(lambda row, number: row["text"].replace("\n", " ") + "\n"), size)


def rows_of_articles(path, count):
    """So many JSON lines of one page each, of ten paragraphs."""
    texts = paragraphs(count * 10)
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            page = "\n\n".join(next(texts) for _ in range(10))
            out.write(line({"id": f"a{number}", "text": page}))


def folder_of_pages(path, count):
    """A folder of so many pages of ten paragraphs."""
    path.mkdir()
    texts = paragraphs(count * 10)
    for number in range(count):
        page = "\n\n".join(next(texts) for _ in range(10))
        (path / f"page-{number:06}.txt").write_text(page + "\n", encoding="utf-8")


def one_text(path, count):
    """One page of so many paragraphs."""
    with open(path, "w", encoding="utf-8") as out:
        for text in paragraphs(count):
            out.write(text + "\n\n")


def one_html(path, count):
    """The same as HTML, with what stands around a page."""
    with open(path, "w", encoding="utf-8") as out:
        out.write('<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body>\n')
        out.write('<nav><ul><li><a href="/">Home</a></li></ul></nav><main><article><h1>A page</h1>\n')
        for text in paragraphs(count):
            text = text.replace("&", "&amp;").replace("<", "&lt;")
            out.write(f"<p>{text}</p>\n")
        out.write("</article></main><footer><p>About us</p></footer></body></html>\n")


def labelled(path, count, annotator=0):
    """So many labelled articles of five paragraphs. A paragraph is the first half of one of the corpus and
    the second half of another with the same label, so that next to none repeats. Another annotator gives one
    paragraph in ten another label."""
    pools = {label: [] for label in LABELS}
    for row in corpus():
        if row["label"]:
            pools[row["label"]].append(row["text"].split(" "))
    draw = random.Random(1)
    other = random.Random(annotator)
    with open(path, "w", encoding="utf-8") as out:
        for article in range(count):
            for index in range(5):
                label = draw.choices(LABELS, (9, 3, 5, 2))[0]
                first, second = draw.choice(pools[label]), draw.choice(pools[label])
                text = " ".join(first[: (len(first) + 1) // 2] + second[len(second) // 2 :])
                if annotator and other.random() < 0.1:
                    label = other.choice(LABELS)
                out.write(line({"article": f"a{article}", "index": index, "label": label, "text": text}))


def model(binary, path, size):
    """A model of at most so many features, trained once; beside it rows to use it on."""
    trained = path.with_name(f"model-{size}.copydesk")
    if not trained.exists():
        train = [binary, "train", ROOT / "data", "--folds", "0", "--min-articles", "1"]
        train += ["--max-features", str(size), "-o", trained]
        subprocess.run(train, check=True, capture_output=True)
    shutil.copyfile(trained, path)
    sample = path.with_name("sample.jsonl")
    if not sample.exists():
        rows_of_paragraphs(sample, BLOCK)

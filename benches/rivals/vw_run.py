#!/usr/bin/env python3
"""Vowpal Wabbit from raw text.

    vw_run.py train TEXTS LABELS MODEL      learns from texts, one a line, and numbers 1 to 4
    vw_run.py classify MODEL TEXTS          writes the probabilities of all labels of each text

The wheel has no command line, but the same driver is in the library: told of a data file, it reads,
learns and writes by itself, and no line passes through Python. Texts are made lines of its format in
one sweep over their bytes: ASCII letters small, what is neither letter nor digit blank. What it writes
(`1:0.07 2:0.77 ...`) is taken as its answer, without picking out the largest.
"""

import os
import sys

from vowpalwabbit import Workspace

SETTINGS = "--oaa 4 --loss_function logistic --probabilities -b 22 --ngram 2 -l 1 --passes 2 --holdout_off"
PIECE = 1 << 20
TABLE = bytes(
    byte if byte >= 128 or byte == 10 or chr(byte).isalnum() else 32 for byte in bytes(range(256)).lower()
)


def drive(arguments):
    Workspace(f"{arguments} --quiet").finish()


def train(texts, labels, model):
    data, cache = f"{model}.data", f"{model}.cache"
    with open(texts, "rb") as lines, open(labels, "rb") as numbers, open(data, "wb") as out:
        prepared = lines.read().translate(TABLE).splitlines()
        out.writelines(b"%b | %b\n" % pair for pair in zip(numbers.read().split(), prepared, strict=True))
    if os.path.exists(cache):
        os.remove(cache)
    drive(f"-d {data} {SETTINGS} --cache_file {cache} -f {model}")


def classify(model, texts):
    data = f"{model}.{os.getpid()}.data"
    with open(texts, "rb") as source, open(data, "wb") as out:
        out.write(b"| ")
        kept = b""
        while piece := source.read(PIECE):
            piece = kept + piece
            # The last line end opens a line only if there is one.
            kept = b"\n" if piece.endswith(b"\n") else b""
            out.write(piece[: len(piece) - len(kept)].translate(TABLE).replace(b"\n", b"\n| "))
        out.write(kept)
    sys.stdout.flush()
    drive(f"-d {data} -t -i {model} --loss_function logistic --probabilities -p stdout")
    os.remove(data)


if __name__ == "__main__":
    command = {"train": train, "classify": classify}.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        sys.exit(__doc__)
    command(*sys.argv[2:])

"""What the runs of scikit-learn and LIBLINEAR share: features, reading, and writing."""

import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

BATCH = 10_000


def vectorizer():
    """Words and pairs of words that occur in two texts or more."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32)


def texts(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        yield from (line.rstrip("\n") for line in lines)


def numbers(path):
    return np.loadtxt(path, dtype=np.int64)


def label_all(path, probabilities_of, every):
    """Labels texts in batches: number and probability, or, with `every`, all probabilities."""
    batch = []
    for text in texts(path):
        batch.append(text)
        if len(batch) == BATCH:
            show(probabilities_of(batch), every)
            batch.clear()
    if batch:
        show(probabilities_of(batch), every)


def show(probabilities, every):
    if every:
        lines = (" ".join(f"{n}:{p:.6f}" for n, p in enumerate(row, start=1)) for row in probabilities.tolist())
    else:
        best = probabilities.argmax(axis=1)
        chances = probabilities[np.arange(len(best)), best]
        lines = (f"{n}\t{p:.4f}" for n, p in zip((best + 1).tolist(), chances.tolist()))
    sys.stdout.write("\n".join(lines) + "\n")

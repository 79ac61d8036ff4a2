#!/usr/bin/env python3
"""LIBLINEAR from raw text, on the features that scikit-learn's run has.

    liblinear_run.py train TEXTS LABELS MODEL      learns from texts, one a line, and numbers 1 to 4
    liblinear_run.py classify MODEL TEXTS          writes number and probability of each text's label
    liblinear_run.py probabilities MODEL TEXTS     writes the probabilities of all labels

LIBLINEAR reads numbers, not text; scikit-learn's vectorizer hands it the matrix in memory, which is
faster than by files. It learns one label against the others (-s 7, logistic regression in the dual). Its own
predict takes one row at a time through Python; here scores are a product of matrices, which is faster,
and probabilities follow as it makes them: logistic for each label, then to a sum of 1.
"""

import sys

import joblib
import numpy as np
from liblinear import liblinearutil

import tfidf

SETTINGS = "-s 7 -c 10 -q"


def train(texts, labels, model):
    vectorizer = tfidf.vectorizer()
    rows = vectorizer.fit_transform(tfidf.texts(texts))
    problem = liblinearutil.problem(tfidf.numbers(labels), rows)
    solved = liblinearutil.train(problem, SETTINGS)
    weights = np.ctypeslib.as_array(solved.w, shape=(rows.shape[1], solved.nr_class))
    weights = weights[:, np.argsort(solved.get_labels())]
    joblib.dump((vectorizer, weights.astype(np.float32)), model)


def classify(model, texts, every=False):
    vectorizer, weights = joblib.load(model)

    def probabilities_of(batch):
        chances = 1 / (1 + np.exp(-(vectorizer.transform(batch) @ weights)))
        return chances / chances.sum(axis=1, keepdims=True)

    tfidf.label_all(texts, probabilities_of, every)


def probabilities(model, texts):
    classify(model, texts, every=True)


if __name__ == "__main__":
    commands = {"train": train, "classify": classify, "probabilities": probabilities}
    command = commands.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        sys.exit(__doc__)
    command(*sys.argv[2:])

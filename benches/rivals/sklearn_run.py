#!/usr/bin/env python3
"""scikit-learn from raw text.

    sklearn_run.py train TEXTS LABELS MODEL      learns from texts, one a line, and numbers 1 to 4
    sklearn_run.py classify MODEL TEXTS          writes number and probability of each text's label
    sklearn_run.py probabilities MODEL TEXTS     writes the probabilities of all labels
    sklearn_run.py objective MODEL TEXTS LABELS  writes the training objective that MODEL reaches, and the
                                                 least there is, found by a run with a far finer tolerance
"""

import json
import sys

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression

import tfidf

C = 10


def train(texts, labels, model):
    vectorizer = tfidf.vectorizer()
    rows = vectorizer.fit_transform(tfidf.texts(texts))
    solver = LogisticRegression(C=C, solver="lbfgs", max_iter=1000).fit(rows, tfidf.numbers(labels))
    joblib.dump((vectorizer, solver), model)


def classify(model, texts, every=False):
    vectorizer, solver = joblib.load(model)
    tfidf.label_all(texts, lambda batch: solver.predict_proba(vectorizer.transform(batch)), every)


def probabilities(model, texts):
    classify(model, texts, every=True)


def objective(model, texts, labels):
    vectorizer, solver = joblib.load(model)
    rows = vectorizer.transform(tfidf.texts(texts)).astype(np.float64)
    truth = tfidf.numbers(labels)

    def value(solver):
        logs = solver.predict_log_proba(rows)
        weights = solver.coef_.astype(np.float64)
        return -logs[np.arange(len(truth)), truth - 1].sum() + (weights**2).sum() / (2 * C)

    finest = LogisticRegression(C=C, solver="lbfgs", max_iter=10_000, tol=1e-7).fit(rows, truth)
    print(json.dumps({"reached": value(solver), "least": value(finest), "features": rows.shape[1]}))


if __name__ == "__main__":
    commands = {"train": train, "classify": classify, "probabilities": probabilities, "objective": objective}
    command = commands.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        sys.exit(__doc__)
    command(*sys.argv[2:])

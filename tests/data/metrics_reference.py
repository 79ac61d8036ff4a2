"""Writes metrics_reference.json: gold labels, probabilities, and scikit-learn's figures on them.

    pip install scikit-learn && python tests/data/metrics_reference.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.dummy import DummyClassifier
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

LABELS = ["reporting", "quotation", "commentary", "call_to_action"]
ROWS, PARTS = 200, 10_000

random = np.random.default_rng(20240607)
gold, rows = [], []
while len(rows) < ROWS:
    label = int(random.choice(4, p=[0.45, 0.2, 0.3, 0.05]))
    odds = random.normal(0, 1.2, 4)
    odds[label] += 1.3
    p = np.exp(odds - odds.max())
    # Whole ten-thousandths, none of them 0, that sum to one.
    parts = np.maximum(1, np.round(p / p.sum() * PARTS)).astype(int)
    parts[parts.argmax()] += PARTS - parts.sum()
    top = np.sort(parts)[::-1]
    # No tie: there the last bit would decide.
    if top[0] > top[1]:
        gold.append(label)
        rows.append(parts.tolist())

gold = np.array(gold)
p = np.array(rows) / PARTS
predicted = p.argmax(axis=1)
confidence = p.max(axis=1)


def table(truth, guess, names):
    figures = precision_recall_fscore_support(
        truth, guess, labels=range(len(names)), zero_division=0
    )
    keys = ("precision", "recall", "f1", "support")
    return [
        {"name": name, **{key: column[i].item() for key, column in zip(keys, figures)}}
        for i, name in enumerate(names)
    ]


def macro_f1(truth, guess, labels):
    return float(
        f1_score(truth, guess, labels=range(labels), average="macro", zero_division=0)
    )


# Fifteen bins of equal mass: calibration_curve gives the means of those that hold anything, their
# counts follow from the same edges.
BINS = 15
right = predicted == gold
accuracy, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="quantile")
edges = np.quantile(confidence, np.linspace(0, 1, BINS + 1))
counts = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=BINS)
counts = counts[counts > 0]
reliability = [
    {"count": int(n), "confidence": float(c), "accuracy": float(a)}
    for n, c, a in zip(counts, mean, accuracy)
]
error = (counts * abs(accuracy - mean)).sum() / ROWS

dummy = DummyClassifier(strategy="prior").fit(p, gold)
always = dummy.predict(p)
reference = {
    "scikit_learn": sklearn.__version__,
    "labels": LABELS,
    "gold": gold.tolist(),
    "ten_thousandths": rows,
    "accuracy": float(accuracy_score(gold, predicted)),
    "per_label": table(gold, predicted, LABELS),
    "per_side": table(gold // 2, predicted // 2, ["news", "opinion"]),
    "macro_f1": macro_f1(gold, predicted, 4),
    "news_opinion_macro_f1": macro_f1(gold // 2, predicted // 2, 2),
    "log_loss": float(log_loss(gold, p, labels=range(4))),
    "brier": float(brier_score_loss(gold, p, labels=range(4), scale_by_half=False)),
    "matthews": float(matthews_corrcoef(gold, predicted)),
    "calibration_error": float(error),
    "reliability": reliability,
    "confusion": confusion_matrix(gold, predicted, labels=range(4)).tolist(),
    "baseline": {
        "label": LABELS[always[0]],
        "accuracy": float(accuracy_score(gold, always)),
        "macro_f1": macro_f1(gold, always, 4),
        "news_opinion_macro_f1": macro_f1(gold // 2, always // 2, 2),
        "log_loss": float(log_loss(gold, dummy.predict_proba(p), labels=range(4))),
    },
}
text = json.dumps(reference, separators=(",", ":"))
for key in reference:
    text = text.replace(f'"{key}":', f'\n"{key}":', 1) if f',"{key}":' in text or text.startswith(f'{{"{key}"') else text
pathlib.Path(__file__).with_name("metrics_reference.json").write_text(text[:-1] + "\n}\n")

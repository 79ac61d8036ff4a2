"""Writes confident.json: labels, probabilities, and what cleanlab's confident learning makes of them.

    pip install cleanlab==2.9.0 numpy==2.4.6 && python tests/data/reference/confident.py
"""

import json
import pathlib

import cleanlab
import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_normalized_margin_for_each_label

random = np.random.default_rng(11)
cases = []
for shares, rows, noise, sharpness in (
    ((0.5, 0.2, 0.2, 0.1), 240, 0.08, 2.5),
    ((0.7, 0.28, 0.02, 0.0), 160, 0.2, 1.2),
    ((0.25, 0.25, 0.25, 0.25), 200, 0.3, 1.0),
    ((0.6, 0.4, 0.0, 0.0), 40, 0.1, 4.0),
):
    true = random.choice(4, size=rows, p=shares)
    odds = random.normal(size=(rows, 4))
    odds[np.arange(rows), true] += sharpness
    flipped = random.random(rows) < noise
    present = [k for k in range(4) if shares[k] > 0]
    labels = np.where(flipped, random.choice(present, size=rows), true)
    p = np.exp(odds)
    p = np.round(p / p.sum(axis=1, keepdims=True), 6)
    issues = {
        rule: np.flatnonzero(find_label_issues(labels, p, filter_by=rule, n_jobs=1)).tolist()
        for rule in ("prune_by_noise_rate", "confident_learning")
    }
    cases.append(
        {
            "labels": labels.tolist(),
            "probabilities": p.tolist(),
            "thresholds": get_confident_thresholds(labels, p).tolist(),
            "joint": compute_confident_joint(labels, p, calibrate=False).tolist(),
            "calibrated": compute_confident_joint(labels, p, calibrate=True).tolist(),
            "margins": get_normalized_margin_for_each_label(labels, p).tolist(),
            **issues,
        }
    )
reference = {"cleanlab": cleanlab.__version__, "numpy": np.__version__, "cases": cases}
path = pathlib.Path(__file__).with_name("confident.json")
path.write_text(json.dumps(reference) + "\n")

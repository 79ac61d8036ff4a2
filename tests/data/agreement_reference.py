"""Writes agreement_reference.json: labels of several annotators, some missing, and what the packages
krippendorff and scikit-learn make of them.

    pip install krippendorff scikit-learn && python tests/data/agreement_reference.py
"""

import json
import pathlib
from importlib.metadata import version

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score

random = np.random.default_rng(5)


def figures(labels):
    rows = [[np.nan if x is None else x for x in row] for row in labels]
    alpha = krippendorff.alpha(reliability_data=rows, level_of_measurement="nominal")
    pairs = []
    for a in range(len(labels)):
        for b in range(a):
            both = [(x, y) for x, y in zip(labels[b], labels[a]) if None not in (x, y)]
            one, other = zip(*both)
            pairs.append([b, a, float(cohen_kappa_score(one, other, labels=range(4)))])
    return {"labels": labels, "alpha": float(alpha), "kappa": pairs}


# The data of Krippendorff 2011, section C, without those of its fifth value: there are four labels.
N = None
example = [
    [0, 1, 2, 2, 1, 0, 3, 0, 1, N, N, N],
    [0, 1, 2, 2, 1, 1, 3, 0, 1, N, N, 2],
    [N, 2, 2, 2, 1, 2, 3, 1, 1, N, 0, N],
    [0, 1, 2, 2, 1, 3, 3, 0, 1, N, 0, N],
]
cases = [figures(example)]
for annotators, units, noise, missing in ((2, 60, 0.2, 0.0), (3, 80, 0.3, 0.2), (5, 40, 0.5, 0.4)):
    truth = random.choice(4, units, p=[0.5, 0.2, 0.2, 0.1])
    labels = []
    for _ in range(annotators):
        row = np.where(random.random(units) < noise, random.choice(4, units), truth)
        gone = random.random(units) < missing
        labels.append([None if g else int(x) for x, g in zip(row, gone)])
    cases.append(figures(labels))
reference = {
    "krippendorff": version("krippendorff"),
    "scikit_learn": version("scikit-learn"),
    "cases": cases,
}
path = pathlib.Path(__file__).with_name("agreement_reference.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
print([case["alpha"] for case in cases])

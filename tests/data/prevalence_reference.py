"""Writes prevalence_reference.json: posteriors and labels of validation and target sets, and what QuaPy makes
of the target's shares.

    pip install quapy && python tests/data/prevalence_reference.py
"""

import json
import pathlib
from importlib.metadata import version

import numpy as np
from quapy.functional import prevalence_from_labels, prevalence_from_probabilities
from quapy.method.aggregative import ACC, EMQ, PACC

random = np.random.default_rng(11)


PRIOR = [0.45, 0.2, 0.25, 0.1]


def draw(shares, count):
    """Labels, and posteriors (in whole ten-thousandths, none 0) of a classifier that errs."""
    labels = random.choice(4, count, p=shares)
    evidence = random.normal(0, 1.1, (count, 4))
    evidence[np.arange(count), labels] += 2.0
    p = PRIOR * np.exp(evidence * 2.0 / 1.1**2)
    parts = np.maximum(1, np.round(p / p.sum(1, keepdims=True) * 10_000)).astype(int)
    parts[np.arange(count), parts.argmax(1)] += 10_000 - parts.sum(1)
    return labels, parts


CLASSES = np.arange(4)
VALIDATION = draw(PRIOR, 400)
known, posteriors = VALIDATION[0], VALIDATION[1] / 10_000
cases = []
for shares in (PRIOR, [0.2, 0.1, 0.6, 0.1], [0.7, 0.2, 0.05, 0.05], [0.25, 0.25, 0.1, 0.4]):
    parts = draw(shares, 500)[1]
    target = parts / 10_000
    hard = target.argmax(1)
    count = prevalence_from_labels(hard, classes=CLASSES)
    mean = prevalence_from_probabilities(target)
    given = ACC.getPteCondEstim(CLASSES, known, posteriors.argmax(1))
    soft = PACC.getPteCondEstim(CLASSES, known, posteriors)
    # With a solution inside the bounds every solver and normalisation gives it.
    exact = dict(method="inversion", solver="exact-raise")
    prior = prevalence_from_labels(known, classes=CLASSES)
    em = EMQ.EM(prior, target, epsilon=1e-13)[0]
    cases.append(
        {
            "ten_thousandths": parts.tolist(),
            "count": count.tolist(),
            "probabilistic": mean.tolist(),
            "adjusted": ACC.solve_adjustment(given, count, **exact).tolist(),
            "adjusted_probabilistic": ACC.solve_adjustment(soft, mean, **exact).tolist(),
            "em": np.asarray(em).tolist(),
        }
    )
reference = {
    "quapy": version("quapy"),
    "numpy": np.__version__,
    "gold": known.tolist(),
    "ten_thousandths": VALIDATION[1].tolist(),
    "cases": cases,
}
path = pathlib.Path(__file__).with_name("prevalence_reference.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
for case in cases:
    print({k: np.round(v, 4).tolist() for k, v in case.items() if k != "ten_thousandths"})

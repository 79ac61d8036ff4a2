"""Writes mcnemar.json: exact two-sided p-values of McNemar's test.

    pip install scipy statsmodels && python tests/data/reference/mcnemar.py
"""

import json
import pathlib

import scipy
import statsmodels
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar

PAIRS = [
    (0, 0), (1, 0), (0, 6), (3, 3), (5, 6), (2, 9), (12, 30), (50, 51), (100, 140), (500, 620),
    (1000, 1000), (4870, 5130), (49500, 50500), (499000, 501000), (1999000, 2001000), (3, 2000),
]
cases = []
for b, c in PAIRS:
    p = float(mcnemar([[10, b], [c, 10]], exact=True).pvalue)
    case = {"only_a_right": b, "only_b_right": c, "statsmodels": p}
    if b + c > 0:
        case["scipy"] = float(binomtest(b, b + c).pvalue)
    cases.append(case)
out = {"scipy_version": scipy.__version__, "statsmodels_version": statsmodels.__version__, "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")

"""Writes bootstrap_reference.json: values, draws of their mean and variance, and the BCa intervals that
scipy makes of them.

    pip install scipy && python tests/data/bootstrap_reference.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.stats._resampling import _bca_interval

random = np.random.default_rng(7)
cases = []
for statistic in (np.mean, np.var):
    for level in (0.95, 0.8):
        values = random.exponential(size=25)
        draws = np.array([statistic(random.choice(values, 25)) for _ in range(400)])
        alpha = (1 - level) / 2

        def along(x, axis=-1):
            return statistic(x, axis=axis)

        low, high, _ = _bca_interval((values,), along, -1, alpha, draws, None, np)
        left_out = [statistic(np.delete(values, i)) for i in range(25)]
        cases.append(
            {
                "level": level,
                "value": float(statistic(values)),
                "draws": draws.tolist(),
                "left_out": [float(x) for x in left_out],
                "low": float(np.quantile(draws, low)),
                "high": float(np.quantile(draws, high)),
            }
        )
reference = {"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases}
path = pathlib.Path(__file__).with_name("bootstrap_reference.json")
path.write_text(json.dumps(reference) + "\n")

"""Groups as covariates: one indicator for each group but the first."""

from __future__ import annotations

import numpy as np


def make_indicators(group) -> tuple[tuple, np.ndarray]:
    """The groups in sorted order, and a matrix (n, groups - 1) of 0 and 1.

    The first group is the one that the others are compared with; column i says who is in group i + 1.
    """
    levels, member = np.unique(np.asarray(group), return_inverse=True)
    columns = np.arange(1, max(levels.size, 1))
    return tuple(levels.tolist()), (member[:, None] == columns).astype(float)

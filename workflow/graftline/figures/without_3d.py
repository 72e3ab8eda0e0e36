"""Importing matplotlib without its three-dimensional axes."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

AXES_3D = "mpl_toolkits.mplot3d"


@contextmanager
def without_3d() -> Iterator[None]:
    """Three-dimensional axes are not found meanwhile, unless they are there already.

    Matplotlib imports them if it can, and warns if it cannot: a fifth of its import, for figures that no paper
    here has.
    """
    if AXES_3D in sys.modules:
        yield
        return
    sys.modules[AXES_3D] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Unable to import Axes3D")
            yield
    finally:
        del sys.modules[AXES_3D]

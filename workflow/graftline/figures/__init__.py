"""Figures: one style for all of them, and one module a figure."""

from graftline.figures.without_3d import without_3d

# Before any of the modules imports matplotlib for itself.
with without_3d():
    import matplotlib.projections  # noqa: F401

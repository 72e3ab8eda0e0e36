"""Endpoints: from named dates and the study's declarations to one row a patient and endpoint."""

from graftline.derive.endpoints.blocks import derive_in_blocks
from graftline.derive.endpoints.bounds import derive_bounds
from graftline.derive.endpoints.derive import derive_endpoints

__all__ = ["derive_bounds", "derive_endpoints", "derive_in_blocks"]

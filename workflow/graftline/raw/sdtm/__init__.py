"""SDTM domains, as Parquet, SAS XPORT or Dataset-JSON, into the canonical tables.

`read_domain` reads a file into text cells, `map_domain` makes canonical columns of them as sdtm.yaml
says. From there on they go the way of a CSV file: the same checks, corrections and lineage.
"""

from graftline.raw.sdtm.mapping import Mapped, find_patients_set_aside, map_domain
from graftline.raw.sdtm.read_domain import SUFFIXES, read_domain

__all__ = ["SUFFIXES", "Mapped", "find_patients_set_aside", "map_domain", "read_domain"]

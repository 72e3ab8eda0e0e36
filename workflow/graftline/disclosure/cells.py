"""Whose number it is: the sets of patients that a record counts, or that its value stands on.

A set is told by its signature, the sum of its members' hashes, twice 64 bits. Two records with one
signature count the same patients, in whatever table; and the signature of a difference is the
difference of the signatures, so that sums of counts are found without keeping the sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError

KEYS = ("graftline-sets-a", "graftline-sets-b")  # 16 bytes each, as the hash asks for
# Tables that people write and that hold no patient.
WRITTEN = ("configuration", "software", "cut", "compared_cuts")
# Tables of what is not a patient's, of which each row counts as one.
OF_NO_PATIENT = ("findings", "moved_numbers")


class PatientSets:
    """Sets of rows of the derived tables `frames`, as cells: dictionaries with `rows` and
    `patients`, how many, and `row_set` and `patient_set`, their signatures.

    Raises GraftlineError for a table of patients that does not say whose its rows are.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]):
        self._frames = frames
        self._hashes: dict[str, tuple] = {}
        self._cells: dict[tuple, dict[str, Any]] = {}

    def _hash(self, table: str):
        if table not in self._hashes:
            frame = self._frames[table]
            keys = (table + "/" + frame["row_key"].astype(str)).to_numpy(dtype=object)
            if table in OF_NO_PATIENT:
                who = keys
            elif "subject_id" in frame:
                who = frame["subject_id"].astype(str).to_numpy(dtype=object)
            else:
                raise GraftlineError(
                    f"the table {table} does not say whose its rows are, so that nobody can tell "
                    "which of its counts are small; read it with its column subject_id"
                )
            codes, patients = pd.factorize(who)
            hashes = [
                np.stack([pd.util.hash_array(values, hash_key=key) for key in KEYS])
                for values in (keys, np.asarray(patients, dtype=object))
            ]
            self._hashes[table] = (*hashes, codes)
        return self._hashes[table]

    def cell(self, table: str, positions: np.ndarray) -> dict[str, Any]:
        """The cell of the rows at `positions` of `table`."""
        of_rows, of_patients, codes = self._hash(table)
        who = np.unique(codes[positions])
        return {
            "rows": int(positions.size),
            "patients": int(who.size),
            "row_set": _sign(of_rows[:, positions]),
            "patient_set": _sign(of_patients[:, who]),
        }


def _sign(hashes: np.ndarray) -> list[int]:
    """The sum of each row of `hashes`, modulo 2**64."""
    return [int(value) for value in hashes.sum(axis=1, dtype=np.uint64)]

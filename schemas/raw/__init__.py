"""pandera schemas of the canonical tables after validation: types, codes, ranges, keys, one source.

`RAW_SCHEMAS` maps a table's name to its schema. The data dictionary, the readers and the checks all
take columns from here; `schemas.raw.columns` says what the metadata of a column are.
"""

from __future__ import annotations

import pandera.pandas as pa

from schemas.raw.columns import is_code
from schemas.raw.course import ASSESSMENTS, FOLLOWUP, OUTCOMES
from schemas.raw.measurements import LABS, VITALS
from schemas.raw.patients import DISEASE, SUBJECTS, TRANSPLANT
from schemas.raw.treatment import AE, EXPOSURE, NEW_THERAPY

RAW_SCHEMAS: dict[str, pa.DataFrameSchema] = {
    schema.name: schema
    for schema in (
        SUBJECTS,
        DISEASE,
        TRANSPLANT,
        EXPOSURE,
        AE,
        LABS,
        VITALS,
        ASSESSMENTS,
        FOLLOWUP,
        NEW_THERAPY,
        OUTCOMES,
    )
}
# Columns that the pipeline adds and no file has.
ADDED_KINDS = ("companion", "source")


def canonical_columns(schema: pa.DataFrameSchema) -> list[str]:
    """The columns that a raw file may have, in the schema's order."""
    return [
        name
        for name, column in schema.columns.items()
        if column.metadata["kind"] not in ADDED_KINDS
    ]


def schema_of_study(
    table: str, *, codes: dict[str, list[str]], absent: list[str]
) -> pa.DataFrameSchema:
    """The schema of `table` with the study's own codes; columns that the study lacks may be empty.

    `codes` maps `arms` and `drugs` to the codes that the study declares.
    """
    schema = RAW_SCHEMAS[table]
    changes: dict[str, dict] = {}
    for name, column in schema.columns.items():
        source = column.metadata.get("allowed_from")
        if source:
            allowed = list(codes[source])
            changes[name] = {
                "checks": [is_code(allowed)],
                "metadata": {**column.metadata, "allowed": allowed},
            }
    for name in absent:
        if name in schema.columns:
            changes.setdefault(name, {})["nullable"] = True
    return schema.update_columns(changes) if changes else schema

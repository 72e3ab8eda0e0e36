"""Endpoints that depend on partial dates: as imputed, at the earliest and at the latest days."""

import pandera.pandas as pa

from schemas.derived import endpoints

SCHEMA = endpoints.SCHEMA.add_columns(
    {
        "dates": pa.Column(
            endpoints.TEXT,
            pa.Check.isin(["imputed", "earliest", "latest"]),
            description="Which day each partial date stands for, within what it allows",
        )
    }
)

"""The canonical raw tables, in the order in which a person would read them."""

CANONICAL_TABLES = (
    "subjects",
    "disease",
    "transplant",
    "exposure",
    "ae",
    "labs",
    "vitals",
    "assessments",
    "followup",
    "new_therapy",
    "outcomes",
)

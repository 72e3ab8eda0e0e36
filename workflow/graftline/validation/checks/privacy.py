"""Free text that may name a person."""

from __future__ import annotations

from graftline.validation.cohort import Cohort
from graftline.validation.findings import WARNING
from graftline.validation.register import Flag, check
from schemas.raw import RAW_SCHEMAS

# Patterns run in RE2, without groups that it would capture.
PATTERNS = {
    "a telephone number": r"(?:\+|\b0)[0-9][0-9 ()/.-]{5,}[0-9]|\b[0-9]{3}[ -][0-9]{3,4}[ -][0-9]{3,4}\b",
    "an e-mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]",
    "a person's name": r"\b(?:Dra?|Mrs?|Ms|Prof|Sra?|Nurse|Doctor|Professor)\.? [A-Z][a-z]+",
    "initials": r"(?:^|[^A-Za-z.])[A-Z]\. ?[A-Z]\.(?:[^A-Za-z]|$)",
}


@check(
    "E59",
    WARNING,
    sentence="The text seems to name a person; take the name out.",
)
def check_free_text(cohort: Cohort):
    """Free text without names, initials, telephone numbers or addresses."""
    for table in cohort.tables:
        for column, declared in RAW_SCHEMAS[table].columns.items():
            if not declared.metadata.get("free_text"):
                continue
            texts = cohort[table][column]
            distinct = texts.drop_duplicates().dropna()
            for what, pattern in PATTERNS.items():
                suspect = distinct[distinct.str.contains(pattern, regex=True)]
                if len(suspect):
                    message = f"The text seems to hold {what}; take out what tells who a person is."
                    yield Flag(table, texts.isin(suspect), column, message=message)

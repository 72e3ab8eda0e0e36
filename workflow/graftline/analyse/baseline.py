"""The table of baseline characteristics: where each number of the cohort is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.analyse.age_bands import Bands, list_age_bands
from graftline.analyse.cohort import SHARES, SPREADS, has_values, spread_of
from graftline.analyse.describe import list_codes, list_groups
from graftline.slugs import slug


def _rows_of_variable(
    name: str, subjects, groups, labels, age_bands: Bands
) -> list[dict[str, Any]]:
    """The rows of one variable in the table of baseline characteristics."""
    missing = bool(subjects[name].isna().any())
    if name in SPREADS:
        rows = [
            {
                "label": f"{spread_of(name, subjects)[0]}, median (range)",
                "indent": 0,
                "cells": [
                    f"{{{stem}.median}} ({{{stem}.minimum}}–{{{stem}.maximum}})"
                    for stem in (f"cohort.{name}{group.suffix}" for group in groups)
                ],
            }
        ]
        bands = list_age_bands(age_bands, subjects["age"]) if name == "age" else []
        codes = [(band, label) for band, label, *_ in bands]
    else:
        rows = [{"label": SHARES[name], "indent": 0, "cells": [""] * len(groups)}]
        codes = [
            (slug(code), labels.get(code, code)) for code in list_codes(subjects[name], labels)
        ]
    for code, label in codes + [("not_known", "not known")] * missing:
        stems = [f"cohort.{name}.{code}{group.suffix}" for group in groups]
        cells = [f"{{{stem}.n}} ({{{stem}.percent}})" for stem in stems]
        rows.append({"label": label, "indent": 1, "cells": cells})
    return rows


def lay_out_baseline(
    subjects: pd.DataFrame,
    *,
    arms: Mapping,
    labels: Mapping,
    variables: list[str],
    age_bands: Bands = (),
) -> dict[str, Any]:
    """The layout of the table of characteristics: a column for all patients and for each arm."""
    groups = list_groups(subjects, arms)
    rows = [
        {"label": "Patients", "indent": 0, "cells": [f"{{cohort{g.suffix}.n}}" for g in groups]}
    ]
    shown = [name for name in variables if has_values(subjects, name)]
    for name in shown:
        rows += _rows_of_variable(name, subjects, groups, labels.get(name, {}), age_bands)
    footnotes = ["Values are numbers of patients with their share of the column, unless stated."]
    if "age" in shown:
        at = "transplantation" if has_values(subjects, "tx_date") else "the first dose"
        footnotes.append(f"Age is the year of {at} minus the year of birth.")
    return {
        "caption": "Characteristics of the patients.",
        "columns": ["", *(group.title for group in groups)],
        "rows": rows,
        "footnotes": footnotes,
    }

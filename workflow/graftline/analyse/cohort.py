"""Who the patients are and what became of them: the numbers, and what prose may say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.analyse.age_bands import Bands, list_age_bands
from graftline.analyse.describe import (
    Group,
    count_rows,
    declare_share,
    declare_spread,
    list_codes,
    list_groups,
)
from graftline.errors import GraftlineError
from graftline.numbers import Declaration
from graftline.slugs import slug

TABLE = "subjects"
# Whole numbers: column -> (heading of its row, what it is, unit).
SPREADS = {
    "age": ("Age at transplantation, years", "age at transplantation", "years"),
    "days_to_treatment": (
        "Days from transplantation to first dose",
        "the days from transplantation to the first dose",
        "days",
    ),
    "days_tx_to_anc500": (
        "Days to neutrophil engraftment",
        "the days from transplantation to neutrophil engraftment",
        "days",
    ),
    "days_tx_to_plt20": (
        "Days to platelet engraftment",
        "the days from transplantation to platelet engraftment",
        "days",
    ),
}
# Age in a study without transplants.
AGE_AT_TREATMENT = ("Age at start of treatment, years", "age at start of treatment", "years")
# Codes: column -> heading of its rows.
SHARES = {
    "sex": "Sex",
    "diagnosis": "Diagnosis",
    "status_at_tx": "Status at transplantation",
    "graft": "Graft",
}
DISEASE_CAUSES = ["RELAPSE", "PROGRESSION"]
TREATMENT_CAUSES = ["NRM_TOXIC", "NRM_INFECTION"]


def _check_variables(variables: list[str]) -> None:
    unknown = [name for name in variables if name not in SPREADS and name not in SHARES]
    if unknown:
        raise GraftlineError(
            f"study.yaml, baseline.variables: {unknown[0]} cannot be described; use some of "
            f"{', '.join([*SPREADS, *SHARES])}"
        )


def has_values(subjects: pd.DataFrame, column: str) -> bool:
    return bool(subjects[column].notna().any())


def spread_of(name: str, subjects: pd.DataFrame) -> tuple[str, str, str]:
    """What `SPREADS` says of a column, for these patients."""
    if name == "age" and not has_values(subjects, "tx_date"):
        return AGE_AT_TREATMENT
    return SPREADS[name]


def _declare_size(groups: list[Group]) -> list[Declaration]:
    return [
        count_rows(
            f"cohort{group.suffix}.n",
            TABLE,
            group.words,
            "Number of patients.",
            {},
            group.conditions,
        )
        for group in groups
    ]


def _declare_variable(
    name: str,
    subjects: pd.DataFrame,
    groups: list[Group],
    labels: Mapping[str, str],
    age_bands: Bands,
) -> list[Declaration]:
    """The numbers of one variable, for each group; with missing values, their number too."""
    numbers = []
    for group in groups:
        if name in SPREADS:
            _, what, unit = spread_of(name, subjects)
            numbers += declare_spread(
                f"cohort.{name}", TABLE, name, group, subjects, what=what, unit=unit
            )
            bands = list_age_bands(age_bands, subjects["age"]) if name == "age" else []
            for band, _, condition, what in bands:
                numbers += declare_share(
                    f"cohort.age.{band}", TABLE, group, what, {"age": condition}, ""
                )
        else:
            for code in list_codes(subjects[name], labels):
                what = f"with {SHARES[name].lower()}: {labels.get(code, code)}"
                stem = f"cohort.{name}.{slug(code)}"
                numbers += declare_share(stem, TABLE, group, what, {name: code}, "")
        if subjects[name].isna().any():
            heading = spread_of(name, subjects)[0] if name in SPREADS else SHARES[name]
            what = f"for whom {heading.lower()} is not known"
            numbers += declare_share(
                f"cohort.{name}.not_known", TABLE, group, what, {name: None}, ""
            )
    return numbers


def _declare_course(subjects: pd.DataFrame) -> list[Declaration]:
    """Risk, treatment, relapse, death and status at the cut; only what the study can know.

    None of these is given by arm: which arm a death fell in is not to be compared.
    """
    dead, alive = {"vital_status": "DEAD"}, {"vital_status": "ALIVE"}
    known = [
        (
            "very_high_risk",
            "very_high_risk",
            {"very_high_risk": True},
            "for whom a reason for a very high risk of relapse is recorded",
        ),
        ("transplanted", "tx_date", {"tx_date": ("!=", None)}, "with a dated transplantation"),
        ("treated", "it_start", {"it_start": ("!=", None)}, "given at least one dose"),
        (
            "relapsed",
            "tx_date",
            {"relapse_date": ("!=", None)},
            "with relapse or progression after transplantation, on or before the cut",
        ),
        ("alive", "vital_status", alive, "alive at the last contact"),
        ("lost", "vital_status", {"vital_status": "LTFU"}, "reported as lost to follow-up"),
        ("dead", "vital_status", dead, "who died on or before the cut"),
        (
            "deaths_disease",
            "vital_status",
            {**dead, "death_cause": DISEASE_CAUSES},
            "who died of relapse or progression",
        ),
        (
            "deaths_treatment_related",
            "vital_status",
            {**dead, "death_cause": TREATMENT_CAUSES},
            "who died of toxicity or of an infection without relapse as the cause",
        ),
        (
            "alive_cr",
            "final_status",
            {**alive, "final_status": "CR"},
            "alive and in complete remission at the last contact",
        ),
        (
            "alive_cp",
            "final_status",
            {**alive, "final_status": "CP"},
            "alive and in chronic phase at the last contact",
        ),
        (
            "alive_cp_cml",
            "final_status",
            {**alive, "final_status": "CP", "diagnosis": "CML"},
            "with chronic myeloid leukaemia, alive and in chronic phase at the last contact",
        ),
    ]
    numbers = [
        count_rows(
            f"cohort.{name}.n", TABLE, "all patients", f"Number of patients {what}.", rows, {}
        )
        for name, column, rows, what in known
        if has_values(subjects, column)
    ]
    if has_values(subjects, "vital_status"):
        numbers.append(_declare_other_deaths())
    return numbers


def _declare_other_deaths() -> Declaration:
    """Deaths of any other cause, or of none that is recorded; with the two above they are all."""
    causes = ", ".join(f"'{cause}'" for cause in DISEASE_CAUSES + TREATMENT_CAUSES)
    return Declaration(
        id="cohort.deaths_other.n",
        population="all patients",
        method="Number of patients who died of another cause, or of one that is not known.",
        table=TABLE,
        selected=(
            "SELECT row_key FROM subjects WHERE vital_status = 'DEAD' AND (death_cause IS NULL OR "
            f"death_cause NOT IN ({causes})) ORDER BY row_key"
        ),
        considered="SELECT row_key FROM subjects ORDER BY row_key",
        statistic="count",
        unit="patients",
    )


def declare_cohort(
    subjects: pd.DataFrame,
    *,
    arms: Mapping,
    labels: Mapping,
    variables: list[str],
    age_bands: Bands = (),
) -> list[Declaration]:
    """All numbers of the cohort, of the derived table `subjects`.

    `variables` are described for all patients and by arm; the others of `SPREADS` and `SHARES` for
    all patients; ages also in `age_bands`. A column without any value is left out. Raises
    GraftlineError for an unknown variable.
    """
    _check_variables(variables)
    groups = list_groups(subjects, arms)
    numbers = _declare_size(groups)
    for name in [*SPREADS, *SHARES]:
        if has_values(subjects, name):
            wanted = groups if name in variables else groups[:1]
            numbers += _declare_variable(name, subjects, wanted, labels.get(name, {}), age_bands)
    return numbers + _declare_course(subjects)


def state_facts(subjects: pd.DataFrame, *, arms: Mapping, labels: Mapping) -> dict[str, Any]:
    """What prose about the cohort may say: which numbers exist, and the codes that occur."""
    facts: dict[str, Any] = {
        "cohort.arms": [
            arm["id"] for code, arm in arms.items() if (subjects["arm"] == code).fillna(False).any()
        ],
        "cohort.has_transplant_dates": has_values(subjects, "tx_date"),
        "cohort.has_treatment": has_values(subjects, "it_start"),
        "cohort.has_vital_status": has_values(subjects, "vital_status"),
        "cohort.has_final_status": has_values(subjects, "final_status"),
        "cohort.has_death_cause": has_values(subjects, "death_cause"),
        "cohort.age_at": spread_of("age", subjects)[1].removeprefix("age at "),
        "cohort.has_very_high_risk": has_values(subjects, "very_high_risk"),
        "cohort.has_cml_in_chronic_phase": bool(
            ((subjects["diagnosis"] == "CML") & (subjects["final_status"] == "CP"))
            .fillna(False)
            .any()
        ),
    }
    for name in SHARES:
        names = labels.get(name, {})
        facts[f"cohort.{name}"] = [
            {"label": names.get(code, code), "number": f"cohort.{name}.{slug(code)}.n"}
            for code in list_codes(subjects[name], names)
        ]
    for name in SPREADS:
        facts[f"cohort.has_{name}"] = has_values(subjects, name)
    return facts

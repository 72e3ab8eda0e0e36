"""The derived table `exposure_total`: one row a patient and drug."""

import pandera.pandas as pa

TEXT = "string[pyarrow]"


def _text(description: str, *, nullable: bool = True, **options) -> pa.Column:
    return pa.Column(TEXT, nullable=nullable, description=description, **options)


def _amount(kind: str, description: str, at_least: float = 0) -> pa.Column:
    return pa.Column(kind, pa.Check.ge(at_least), nullable=True, description=description)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": _text("subject_id/drug", nullable=False, unique=True),
        "subject_id": _text("Patient", nullable=False),
        "arm": _text("Arm, as in the study's protocol"),
        "drug": _text("Drug", nullable=False),
        "dose_unit": _text("Unit of the doses (UCUM)"),
        "n_cycles_planned": _amount("Int64", "Cycles that the protocol plans"),
        "n_cycles_begun": _amount("Int64", "Cycles of which any dose was given"),
        "n_planned": _amount("Int64", "Doses planned"),
        "n_given": _amount("Int64", "Doses given"),
        "total_planned": _amount("float64", "Planned dose of all cycles"),
        "total_given": _amount("float64", "Dose given"),
        "planned_days": _amount("Int64", "Days from first to last planned dose, rest included", 1),
        "actual_days": _amount(
            "Int64", "Days from first to last dose, rest between cycles included", 1
        ),
        "relative_total_dose": _amount("float64", "Dose given / dose planned"),
        "relative_dose_intensity": _amount(
            "float64", "(Dose given / actual days) / (dose planned / planned days)"
        ),
        "completed": pa.Column(
            "boolean",
            nullable=True,
            description="Whether all planned doses of each cycle were given",
        ),
        "withdrawn": pa.Column(
            "boolean", nullable=True, description="Whether the drug was withdrawn"
        ),
        "stop_reason": _text("Why it was withdrawn"),
    },
    checks=[
        pa.Check(
            lambda frame: (
                ~(frame["completed"] & (frame["n_given"] < frame["n_planned"])).fillna(False)
            ),
            name="completed_is_complete",
            error="whoever completed the plan was given all of its doses",
        ),
    ],
    strict=True,
    ordered=True,
)

"""The derived table `exposure`: one row a patient, drug and cycle, planned or given."""

import pandera.pandas as pa

TEXT = "string[pyarrow]"
DATE = "datetime64[ns]"


def _text(description: str, *, nullable: bool = True, **options) -> pa.Column:
    return pa.Column(TEXT, nullable=nullable, description=description, **options)


def _amount(kind: str, description: str, at_least: float = 0) -> pa.Column:
    return pa.Column(kind, pa.Check.ge(at_least), nullable=True, description=description)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": _text("subject_id/drug/cycle", nullable=False, unique=True),
        "subject_id": _text("Patient", nullable=False),
        "arm": _text("Arm, as in the study's protocol"),
        "drug": _text("Drug", nullable=False),
        "cycle": pa.Column("Int64", pa.Check.ge(1), description="Number of the cycle"),
        "planned": pa.Column("boolean", description="Whether the protocol plans this cycle"),
        "begun": pa.Column("boolean", description="Whether any of it was given"),
        "start_date": pa.Column(DATE, nullable=True, description="First dose of the cycle"),
        "end_date": pa.Column(DATE, nullable=True, description="Last dose of the cycle"),
        "dose_unit": _text("Unit of the doses (UCUM)"),
        "dose_planned": _amount("float64", "Planned dose of one day"),
        "dose_given": _amount("float64", "Mean dose of the days on which it was given"),
        "n_planned": _amount("Int64", "Doses planned"),
        "n_given": _amount("Int64", "Doses given"),
        "total_planned": _amount("float64", "Planned dose of the cycle"),
        "total_given": _amount("float64", "Dose given in the cycle"),
        "planned_start_day": _amount(
            "Int64", "Planned first day, counted from the first dose (day 0)"
        ),
        "planned_days": _amount("Int64", "Planned days from first to last dose, both included", 1),
        "actual_days": _amount("Int64", "Days from first to last dose, both included", 1),
        "action": _text(
            "What was done with the drug",
            checks=pa.Check.isin(["NONE", "DELAY", "REDUCE", "INTERRUPT", "WITHDRAW"]),
        ),
        "action_reason": _text("Why"),
    },
    checks=[
        pa.Check(
            lambda frame: frame["begun"] | ~(frame["total_given"] > 0),
            name="given_is_begun",
            error="a cycle of which a dose was given was begun",
        ),
    ],
    strict=True,
    ordered=True,
)

"""The derived table `subjects`: one row a patient, as known at the cut."""

import pandera.pandas as pa

TEXT = "string[pyarrow]"
DATE = "datetime64[ns]"


def _text(description: str, *, nullable: bool = True, **options) -> pa.Column:
    return pa.Column(TEXT, nullable=nullable, description=description, **options)


def _day(description: str) -> pa.Column:
    return pa.Column(DATE, nullable=True, description=description)


def _count(description: str, *, at_least: int = 0) -> pa.Column:
    return pa.Column("Int64", pa.Check.ge(at_least), nullable=True, description=description)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": _text("subject_id", nullable=False, unique=True),
        "subject_id": _text("Patient, as the study names him", nullable=False, unique=True),
        "case_label": _text(
            "Name in what may leave, in the order of enrolment",
            nullable=False,
            unique=True,
            checks=pa.Check.str_matches(r"^Case [1-9][0-9]*$"),
        ),
        "arm": _text("Arm, as in the study's protocol"),
        "age": pa.Column(
            "Int64",
            pa.Check.in_range(0, 110),
            nullable=True,
            description="Year of transplantation minus year of birth",
        ),
        "sex": _text("M, F or U", checks=pa.Check.isin(["M", "F", "U"])),
        "diagnosis": _text("Malignancy"),
        "status_at_tx": _text("Status of the malignancy at transplantation"),
        "very_high_risk": pa.Column(
            "boolean",
            nullable=True,
            description="True where a reason for a very high risk of relapse is given",
        ),
        "graft": _text("BM, PBSC or BM+PB"),
        "tx_date": _day("Day of the index transplantation"),
        "it_start": _day("First dose of any drug"),
        "it_end": _day("Last dose of any drug"),
        "n_doses_given": _count("Doses given, of all drugs"),
        "days_to_treatment": _count("Days from transplantation to the first dose"),
        "days_tx_to_last_dose": _count("Days from transplantation to the last dose"),
        "days_tx_to_anc500": _count("Days to 0.5 x 10^9/L neutrophils"),
        "days_tx_to_plt20": _count("Days to 20 x 10^9/L platelets"),
        "relapse_date": _day(
            "First relapse or progression after transplantation; imputed if partial"
        ),
        "relapse_kind": _text("What it was", checks=pa.Check.isin(["RELAPSE", "PROGRESSION"])),
        "days_tx_to_relapse": _count(
            "Days from transplantation to relapse or progression", at_least=1
        ),
        "vital_status": _text(
            "At the last contact", checks=pa.Check.isin(["ALIVE", "DEAD", "LTFU"])
        ),
        "death_date": _day("Day of death; imputed if only the day is missing"),
        "death_cause": _text("Cause of death"),
        "final_status": _text("Status of the malignancy at the last contact, or DEAD"),
        "last_alive_date": _day("Latest evidence of life, not after cut or death"),
        "days_tx_to_end": _count("Days from transplantation to death or the last date known alive"),
    },
    checks=[
        pa.Check(
            lambda frame: (
                frame["death_date"].isna() | (frame["vital_status"] == "DEAD").fillna(False)
            ),
            name="death_date_needs_dead",
            error="a death date stands only with the vital status DEAD",
        ),
        pa.Check(
            lambda frame: ~(frame["last_alive_date"] > frame["death_date"]),
            name="alive_not_after_death",
            error="the last date known alive is not after the death",
        ),
        pa.Check(
            lambda frame: frame["relapse_date"].isna() == frame["relapse_kind"].isna(),
            name="relapse_has_kind",
            error="a relapse has a date and a kind",
        ),
        pa.Check(
            lambda frame: ~(frame["it_start"] > frame["it_end"]),
            name="first_dose_before_last",
            error="the last dose is not before the first",
        ),
    ],
    strict=True,
    ordered=True,
)

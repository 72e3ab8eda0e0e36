"""Endpoints: one row a patient and endpoint, in the terms of CDISC ADTTE."""

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype("pyarrow")
DATE = "datetime64[ns]"
FLAG = "TIE_REL_DTH|REL_AT_DEATH|T0_EVENT|LSTALV_RAISED|EVENT_BEFORE_ENTRY"


def _text(description: str, *, nullable: bool = True, **options) -> pa.Column:
    return pa.Column(TEXT, nullable=nullable, description=description, **options)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": _text("Patient and endpoint", nullable=False, unique=True),
        "subject_id": _text("Patient", nullable=False),
        "arm": _text("Arm of the patient"),
        "diagnosis": _text("Diagnosis of the patient"),
        "endpoint": _text("Key of the endpoint in study.yaml", nullable=False),
        "paramcd": _text("PARAMCD: short name", nullable=False),
        "param": _text("PARAM: name", nullable=False),
        "startdt": pa.Column(DATE, nullable=True, description="STARTDT: day of the origin"),
        "adt": pa.Column(DATE, nullable=True, description="ADT: day of the event or censoring"),
        "aval": pa.Column(
            float,
            pa.Check.ge(0),
            nullable=True,
            description="AVAL: ADT - STARTDT + 1 in days; time itself without dates",
        ),
        "time": pa.Column(
            float,
            pa.Check.ge(0),
            nullable=True,
            description="Time from the origin: a difference of dates; plus 0.5 on the day of entry",
        ),
        "entry": pa.Column(
            float, pa.Check.ge(0), nullable=True, description="Time of entry; 0: at the origin"
        ),
        "time_unit": _text(
            "Unit of time and entry",
            nullable=False,
            checks=pa.Check.isin(["day", "week", "month", "year"]),
        ),
        "in_risk_set": pa.Column(
            pd.BooleanDtype(), description="Whether the patient was ever under observation"
        ),
        "cnsr": pa.Column(
            pd.Int64Dtype(),
            pa.Check.isin([0, 1, 2, 3, 4, 5, 6, 7]),
            nullable=True,
            description=(
                "CNSR: 0 the event; censored 1 without event at the cut, 2 lost to follow-up, 3 "
                "with nothing after the origin, 4 at new treatment, 6 dead on an unknown day, 7 "
                "before missed assessments; 5 a competing event"
            ),
        ),
        "status": pa.Column(
            pd.Int64Dtype(),
            pa.Check.isin([0, 1, 2]),
            nullable=True,
            description="0 censored, 1 the event, 2 a competing event",
        ),
        "evntdesc": _text("EVNTDESC: what happened"),
        "cnsdtdsc": _text("CNSDTDSC: what the censoring date is"),
        "srcdom": _text("SRCDOM: table of the cell that decided"),
        "srcvar": _text("SRCVAR: its column"),
        "srcseq": pa.Column(
            pd.Int64Dtype(), nullable=True, description="SRCSEQ: its line in the file"
        ),
        "adtf": _text(
            "ADTF: D day, M month and day imputed, Y all", checks=pa.Check.isin(["D", "M", "Y"])
        ),
        "flag": _text(
            "What to know of the date, with spaces between: TIE_REL_DTH relapse and death on one "
            "day; REL_AT_DEATH relapse known from the cause of death; T0_EVENT event on the day of "
            "entry, half a day later; LSTALV_RAISED another table shows the patient alive after the "
            "last contact; EVENT_BEFORE_ENTRY event before the patient came under observation",
            checks=pa.Check.str_matches(f"^({FLAG})( ({FLAG}))*$"),
        ),
    },
    checks=[
        pa.Check(
            lambda frame: (
                ~frame["in_risk_set"] | (frame["entry"] < frame["time"]) | (frame["entry"] == 0)
            ),
            name="entry_before_time",
            error="a patient in the risk set enters before leaving it",
        ),
        pa.Check(
            lambda frame: frame["status"].isna() | ((frame["cnsr"] == 0) == (frame["status"] == 1)),
            name="cnsr_0_is_the_event",
            error="CNSR is 0 exactly where status is 1",
        ),
    ],
    strict=True,
    description="Time from an origin to the first of the declared events, or to censoring.",
)

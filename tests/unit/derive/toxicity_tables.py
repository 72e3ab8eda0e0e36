"""Small validated tables for the tests of toxicity, and the nine patients' own."""

import pandas as pd

from graftline.derive.toxicity import READ, derive_toxicity
from graftline.grading.files import read_scale, read_units

UNITS = read_units("config/units.yaml")
WHO = read_scale("config/scales/who-1981.yaml", UNITS)
CTCAE = read_scale("config/scales/ctcae-5.0.yaml", UNITS)
PROTOCOL = {
    "days_after_last_dose": 30,
    "fever": {"fever_cel": 38.0, "low_sbp_mmhg": 90, "sbp_fall_mmhg": 40, "within_hours": 24},
    "signs": {"Pyrexia": "fever", "Chills": "chills", "Nausea": "nausea"},
}
CUT = "1997-12-31"


def table(name, rows):
    """The validated table `name` from dictionaries; start_date and end_date of ae may be partial
    text."""
    frame = pd.DataFrame(
        rows, columns=[c for c in READ[name] if not c.endswith(("_earliest", "_latest"))]
    )
    if name == "ae":
        for column in ("start_date", "end_date"):
            for side, month, day in (("earliest", "-01", "-01"), ("latest", "-12", "-28")):
                text = frame[column].astype("string")
                text = text.mask(text.str.len() == 4, text + month)
                text = text.mask(text.str.len() == 7, text + day)
                frame[f"{column}_{side}"] = pd.to_datetime(text)
    types = READ[name]
    for column, kind in types.items():
        frame[column] = pd.to_datetime(frame[column]) if kind.startswith("date") else frame[column]
    frame = frame.astype(types)
    return frame.assign(
        src_file=pd.array([f"{name}.csv"] * len(frame), dtype="string[pyarrow]"),
        src_line=pd.array(range(2, len(frame) + 2), dtype="Int64"),
    )


def tables(**rows):
    """Tables of one study. Patient A, arm HD, was dosed from 3 to 28 January 1994 unless
    `exposure` is given."""
    rows.setdefault("subjects", [{"subject_id": "A", "arm": "HD"}])
    rows.setdefault("exposure", [dose("A", "1994-01-03", "1994-01-28")])
    return {name: table(name, entries) for name, entries in rows.items()}


def dose(subject, start, end, n_given=20):
    return {"subject_id": subject, "start_date": start, "end_date": end, "n_given": n_given}


def event(pt, start, end=None, finding=None, subject="A", **more):
    return {
        "subject_id": subject,
        "term": pt,
        "pt": pt,
        "finding": finding,
        "start_date": start,
    } | {
        "end_date": end,
        **more,
    }


def lab(test, value, date, unit="10*3/uL", subject="A", **more):
    return {"subject_id": subject, "test": test, "value": value, "unit": unit, "date": date, **more}


def vital(date, temp=None, sbp=None, time=None, subject="A", weight=None):
    return {"subject_id": subject, "date": date, "time": time, "temp_cel": temp} | {
        "sbp_mmhg": sbp,
        "weight_kg": weight,
    }


def derive(given, protocol=PROTOCOL, cut=CUT, scales=(WHO,)):
    return derive_toxicity(given, list(scales), UNITS, protocol, cut)


def worst(given, item="ANY", subject="A", scale=WHO, scales=None):
    """The row of toxicity_worst as a dictionary, None for what is missing; None if there is no
    row."""
    rows = derive(given, scales=scales or [scale])["toxicity_worst"].set_index("row_key")
    key = f"{subject}/{scale.scale}/{item}"
    return rows.loc[key].to_dict() if key in rows.index else None


def nine_patients(cut=CUT):
    """The shipped study's tables as they are in its files, in the types of validated tables."""
    found = {}
    for name in READ:
        raw = pd.read_csv(f"data/il2-ifn/{cut}/{name}.csv", dtype=str, keep_default_na=False)
        found[name] = table(name, raw.mask(raw == "").to_dict("records"))
    return found

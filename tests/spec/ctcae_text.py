"""A second reading of CTCAE's words: the criteria that the text of a grade states, from the text alone.

It knows nothing of the scales' files, so that a limit typed wrongly there differs from what is read here.
Segments that it cannot read, or that the project reads in its own way, are listed with the reason.
"""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tests" / "reference" / "ctcae_laboratory_terms.csv"
VERSIONS = ("4.03", "5.0", "6.0")
GRADES = (1, 2, 3, 4, 5)

UNITS = {"g/dL", "g/L", "mg/dL", "mmol/L", "/uL", "10*9/L"}
NUMBER = r"(\d+(?:\.\d+)?)"
BASELINE_WAS = [
    ("baseline was normal", "baseline_not_above_ULN"),
    ("baseline was abnormal", "baseline_above_ULN"),
    ("baseline was >ULN", "baseline_above_ULN"),
    ("baseline is below LLN", "baseline_below_LLN"),
    ("if abnormal,", "value_below_LLN"),
]


def absolute(reached, **limits):
    """A criterion with limits, its units written as arguments may be."""
    names = {"mmol": "mmol/L", "ml_min": "mL/min", "count": "10*9/L"}
    return {
        "reached": reached,
        "relative_to": ["absolute"],
        "limits": {names[unit]: number for unit, number in limits.items()},
    }


HIGHER = "parted from the next grade by symptoms alone; the value has the higher grade"
NOT_KNOWN = "anticoagulation is not known"
# (segment, versions): what it states by the project's reading, and why. None: nothing a value has.
OWN_READING = {
    ("26 - 49 ml/min", "6.0"): (absolute("below", ml_min=50), "whole numbers, read half-open"),
    ("10 - 25 ml/min", "6.0"): (absolute("below", ml_min=26), "whole numbers, read half-open"),
    ("125-129 mmol/L and asymptomatic", "5.0"): (absolute("below", mmol=130), "whole numbers"),
    ("125-129 mmol/L symptomatic", "5.0"): (absolute("below", mmol=130), "whole numbers"),
    ("120-124 mmol/L regardless of symptoms", "5.0"): (None, "lies within the arm of under 130"),
    ("125 - <130 mmol/L and asymptomatic", "6.0"): (absolute("below", mmol=130), "range upwards"),
    ("125 - <130 mmol/L symptomatic", "6.0"): (absolute("below", mmol=130), "range upwards"),
    ("120 - <125 mmol/L regardless of symptoms", "6.0"): (None, "lies within the arm of under 130"),
    ("10.0 x 10^9/L", "6.0"): (absolute("below", count=10.0), "the sign < is missing in print"),
    (">2.0 - 5.0 x ULN and asymptomatic", "5.0"): (None, HIGHER),
    (">5.0 x ULN and asymptomatic", "5.0"): (None, HIGHER),
    (">3.0 - 5.0 x ULN and asymptomatic", "6.0"): (None, HIGHER),
    (">5.0 x ULN and asymptomatic", "6.0"): (None, HIGHER),
    (">2.0 - 5.0 x ULN and asymptomatic or with mild signs or symptoms", "6.0"): (None, HIGHER),
    (">1 - 1.5 times above baseline if on anticoagulation", "4.03"): (None, NOT_KNOWN),
    (">1.5 - 2.5 times above baseline if on anticoagulation", "4.03"): (None, NOT_KNOWN),
    (">2.5 times above baseline if on anticoagulation", "4.03"): (None, NOT_KNOWN),
    (">1 - 1.5 x baseline if on anticoagulation", "5.0"): (None, NOT_KNOWN),
    (">1.5 - 2.5 x baseline if on anticoagulation", "5.0"): (None, NOT_KNOWN),
    (">2.5 times above baseline if on anticoagulation", "5.0"): (None, NOT_KNOWN),
    (">1 - 1.5 x baseline if on anticoagulation", "6.0"): (None, NOT_KNOWN),
    (">1.5 - 2.5 x baseline if on anticoagulation", "6.0"): (None, NOT_KNOWN),
    (">2.5 x baseline if on anticoagulation", "6.0"): (None, NOT_KNOWN),
}


def rows(version):
    """The rows of one version, in the order of the source."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["ctcae"] == version]


def segments(term, text):
    """What stands between semicolons (they mean or), for the analyte of the term alone."""
    found, ionised = [], False
    for segment in re.split(r";| or (?=<|\d|absolute)", text):
        ionised = "Ionized calcium" in segment
        wanted = ionised == ("(Ionized)" in term)
        if ("calcium" not in text or wanted) and not (
            term == "Hyperglycemia" and segment.strip().startswith("Fasting")
        ):
            found.append(segment.strip())
    return found


def _unit(text):
    text = re.sub(r"10(?:e|\^)9 ?/L", "10*9/L", text).replace("/mm3", " /uL").replace("gm/", "g/")
    text = re.sub(r"(\d)(g/L)", r"\1 \2", text).replace("g/Dl", "g/dL")
    return next((word for word in re.split(r"[ ;)]", text) if word in UNITS), "1")


def read_segment(segment, direction):
    """The criterion that one segment states; None if it states no limit."""
    low = direction == "L"
    side, edge, sign = ("below", "LLN", "<") if low else ("above", "ULN", ">")
    text = segment.replace(",000", "000").replace("> ", ">")
    when = next((when for words, when in BASELINE_WAS if words in text), None)
    held = {"when": when} if when else {}
    if "decrease from baseline" in text:
        percent, open_end = re.search(rf"(<?){NUMBER}", text).group(2, 1)
        # <25% is all up to there: it begins with any decrease.
        factor = 1 if open_end else 1 - float(percent) / 100
        reached = "below" if open_end else "at_or_below"
        return {"reached": reached, "relative_to": ["baseline"], "factor": factor, **held}
    if increase := re.search(rf"Increase in >{NUMBER}", text):
        ranges = ["ULN", "baseline"] if "or above baseline" in text else ["ULN"]
        found = {"reached": "above", "relative_to": ranges, "factor": 1}
        return found | ({"plus": {"g/dL": float(increase[1])}} if float(increase[1]) else {})
    if text == ">Baseline and ULN":
        return {"reached": "above", "relative_to": ["ULN", "baseline"], "factor": 1}
    if re.search(rf"{sign}(?:{edge}|normal)\b", text.split(" if ")[0]):
        return {"reached": side, "relative_to": [edge], "factor": 1, **held}
    limit = re.search(rf"({sign}?){NUMBER}", text)
    if limit is None or "calcium" in text and sign not in text:
        return None
    reached, number = (side if limit[1] else f"at_or_{side}"), float(limit[2])
    if named := re.search(rf"\b(?:x {edge}|baseline)", text):
        range_ = edge if edge in named[0] else "baseline"
        return {"reached": reached, "relative_to": [range_], "factor": number, **held}
    return {"reached": reached, "relative_to": ["absolute"], "limits": {_unit(text): number}}


def read_text(version, row, grade):
    """The criteria that the text of a grade states, those with limits in several units as one."""
    found = []
    for segment in segments(row["term"], row[f"grade_{grade}"]):
        if (segment, version) in OWN_READING:
            criterion = OWN_READING[segment, version][0]
        else:
            criterion = read_segment(segment, row["direction"])
        if criterion is None:
            continue
        same = next((one for one in found if "limits" in one and "limits" in criterion), None)
        if same and same["reached"] == criterion["reached"]:
            same["limits"] = same["limits"] | criterion["limits"]
        elif criterion not in found:
            found.append(criterion)
    return found

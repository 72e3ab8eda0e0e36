"""Lineage of toxicity: every raw cell that a grade, a worst grade or a sign stands on.

A cohort has hundreds of cells a patient. Rows and cells are therefore handled as whole numbers, and
become text once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from graftline.derive.lineage import LINEAGE_COLUMNS
from graftline.derive.toxicity.period import given_doses
from graftline.derive.toxicity.worst import ANY
from graftline.grading.scale import Scale

LINK = ["row", "cell", "decided"]
OBSERVED_ON = [("labs", "date"), ("vitals", "date"), ("ae", "start_date"), ("ae", "end_date")]
TEXT = pd.StringDtype("pyarrow")


class CellNumbers:
    """Raw cells as numbers. `sources` maps a table's name to its rows, with src_file and
    src_line."""

    def __init__(self, sources: Mapping[str, pd.DataFrame]):
        self.sources = {name: frame.reset_index(drop=True) for name, frame in sources.items()}
        self.kinds: list[tuple[str, str]] = []
        self.base = max(len(frame) for frame in self.sources.values()) + 1

    def links(
        self, rows, table: str, positions, column: str, decided: bool = False
    ) -> pd.DataFrame:
        """Links of the derived `rows` to the cells in `column` at `positions` of `table`.

        Empty cells of optional times are left out: there is nothing to look at.
        """
        if (table, column) not in self.kinds:
            self.kinds.append((table, column))
        positions = np.asarray(positions, dtype=np.int64)
        frame = pd.DataFrame(
            {
                "row": np.asarray(rows, dtype=np.int64),
                "cell": self.kinds.index((table, column)) * self.base + positions,
                "decided": decided,
            }
        )
        if column == "time":
            frame = frame[self.sources[table]["time"].notna().to_numpy(bool)[positions]]
        return frame

    def are_dates(self, links: pd.DataFrame) -> pd.Series:
        """Which links are to the date of an observation."""
        dates = [self.kinds.index(kind) for kind in OBSERVED_ON if kind in self.kinds]
        return (links["cell"] // self.base).isin(dates)

    def print_lineage(self, table: str, keys: pd.Series, links: pd.DataFrame) -> pd.DataFrame:
        """The links of the derived `table`, whose rows have `keys`, in the columns of lineage,
        sorted."""
        kind, position = (
            part.to_numpy() for part in (links["cell"] // self.base, links["cell"] % self.base)
        )
        of_kind = [self.kinds.index(kind) for kind in sorted(self.kinds, key=lambda pair: pair[1])]
        file = np.zeros(len(links), dtype=np.int64)
        line = np.zeros(len(links), dtype=np.int64)
        column_rank = np.argsort(of_kind)[kind] if self.kinds else kind
        files = sorted({f for source in self.sources.values() for f in source["src_file"].unique()})
        for number, (name, _) in enumerate(self.kinds):
            here = kind == number
            source = self.sources[name]
            codes = pd.Categorical(source["src_file"], categories=files).codes
            file[here] = codes[position[here]]
            line[here] = source["src_line"].to_numpy(np.int64)[position[here]]
        text = keys.to_numpy(dtype=object)
        order_of_keys = np.argsort(text, kind="stable")
        rank = np.empty(len(text), dtype=np.int64)
        rank[order_of_keys] = np.arange(len(text))
        decided = links["decided"].to_numpy(bool)
        row = rank[links["row"].to_numpy()]
        order = np.lexsort((column_rank, line, file, decided, row))

        def spell(codes, words) -> pd.Series:
            coded = pa.DictionaryArray.from_arrays(
                pa.array(codes, pa.int64()), pa.array(words, pa.string())
            )
            return pd.Series(pd.array(coded.cast(pa.string()), dtype=TEXT))

        columns = {
            "derived_table": spell(np.zeros(len(order), np.int64), [table]),
            "row_key": spell(row[order], text[order_of_keys].tolist()),
            "role": spell(decided[order].astype(np.int64), ["contributed", "decided"]),
            "src_file": spell(file[order], files),
            "src_line": pd.Series(line[order]).astype("Int64"),
            "src_column": spell(kind[order], [column for _, column in self.kinds]),
        }
        return pd.DataFrame(columns, columns=LINEAGE_COLUMNS)


def unite(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All links, each once; a cell that both decided and contributed decided."""
    links = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    order = np.lexsort((links["decided"], links["cell"], links["row"]))
    row, cell = links["row"].to_numpy()[order], links["cell"].to_numpy()[order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (row[1:] != row[:-1]) | (cell[1:] != cell[:-1])
    return links.iloc[order[last]].reset_index(drop=True)


def _positions_of_period(exposure: pd.DataFrame) -> dict[str, pd.Series]:
    """The dose whose start, and that whose end, make a patient's period; of several, the first
    line."""
    given = given_doses(exposure)
    lines = ["src_file", "src_line"]
    ends = given.assign(end_date=given["end_date"].fillna(pd.Timestamp("2262-01-01")))
    found = {
        "start_date": given.sort_values(["start_date", *lines]),
        "end_date": ends.sort_values(["end_date", *lines], ascending=[False, True, True]),
    }
    return {
        column: frame.drop_duplicates("subject_id").reset_index().set_index("subject_id")["index"]
        for column, frame in found.items()
    }


def _period_links(
    numbers: CellNumbers, rows: pd.Series, subject: pd.Series, exposure: pd.DataFrame
):
    """Links to the doses that begin and end the on-treatment period of each row's patient."""
    parts = []
    for column, positions in _positions_of_period(exposure).items():
        position = subject.map(positions).astype("Int64")
        known = position.notna().to_numpy(bool)
        parts.append(
            numbers.links(rows[known], "exposure", position[known].to_numpy(np.int64), column)
        )
    return parts


def _pressure_links(numbers: CellNumbers, row_of: pd.Series, temperatures, marked, pairs) -> list:
    """Pressures near a fever: a low one decided it, others contributed, and so did the baseline."""
    parts = []
    for low in (True, False):
        some = pairs[pairs["low"].astype(bool) == low]
        rows = row_of.loc[some["temperature"]].to_numpy()
        parts.append(numbers.links(rows, "vitals", some["pressure"], "sbp_mmhg", decided=low))
        parts += [numbers.links(rows, "vitals", some["pressure"], c) for c in ("date", "time")]
    fevers = temperatures.loc[pairs["temperature"].unique(), ["subject_id"]]
    fevers = fevers.assign(row=row_of.loc[fevers.index])
    baseline = (
        marked.loc[marked["baseline_sbp"], ["subject_id"]].rename_axis("position").reset_index()
    )
    both = fevers.merge(baseline, on="subject_id")
    return [*parts, numbers.links(both["row"], "vitals", both["position"], "sbp_mmhg")]


def _inherit(links: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Links of new rows that are made of rows which have `links`.

    `members` has new, member (rows) and deciding (bool). A cell decided the new row if it decided a
    member that decided it.
    """
    both = links.merge(members, left_on="row", right_on="member")
    decided = both["decided"] & both["deciding"]
    return pd.DataFrame({"row": both["new"], "cell": both["cell"], "decided": decided})


def link_observations(
    numbers: CellNumbers,
    labs,
    temperatures,
    marked,
    pairs,
    events,
    episodes,
    exposure,
    scale: Scale,
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Links of toxicity, and the number of each row of labs (LB), temperatures (VS) and events
    (AE)."""
    starts = np.cumsum([0, len(labs), len(temperatures), len(events)])
    rows = {
        name: pd.Series(np.arange(start, start + len(frame)), index=frame.index)
        for name, frame, start in zip(
            ("LB", "VS", "AE"), (labs, temperatures, events), starts, strict=False
        )
    }

    def own(domain, table, frame, columns, decided=False, some=None):
        some = np.ones(len(frame), bool) if some is None else some.to_numpy(bool)
        row, position = rows[domain][some], frame.index[some]
        return [numbers.links(row, table, position, column, decided) for column in columns]

    relative = labs["item"].isin([c for c, i in scale.items.items() if i.relative_to == "ULN"])
    parts = own("LB", "labs", labs, ["value", "unit"], decided=True)
    parts += own("LB", "labs", labs, ["uln"], decided=True, some=relative)
    parts += own("LB", "labs", labs, ["test", "date", "time", "below_limit"])
    vs = own("VS", "vitals", temperatures, ["temp_cel"], decided=True)
    vs += own("VS", "vitals", temperatures, ["date", "time"])
    vs = unite([*vs, *_pressure_links(numbers, rows["VS"], temperatures, marked, pairs)])

    is_fever = events["item"] == (scale.fever_item.code if scale.fever_item else "")
    by_finding = (events["item"].notna() & ~is_fever.fillna(False)) | events["finding"].notna()
    measured = events.index.isin(episodes["event"])
    parts += own("AE", "ae", events, ["finding"], decided=True, some=by_finding)
    parts += own("AE", "ae", events, ["pt"], decided=True, some=~by_finding & ~measured)
    parts += own(
        "AE", "ae", events, ["pt", "start_date", "end_date", "related", "infection", "serious"]
    )
    event_grade = events["grade"].loc[episodes["event"]].to_numpy()
    temperature_grade = temperatures["grade"].loc[episodes["temperature"]].to_numpy()
    in_episodes = pd.DataFrame(
        {
            "new": rows["AE"].loc[episodes["event"]].to_numpy(),
            "member": rows["VS"].loc[episodes["temperature"]].to_numpy(),
            "deciding": (event_grade == temperature_grade).astype(bool),
        }
    )
    parts += [vs, _inherit(vs, in_episodes)]
    for domain, frame in (("LB", labs), ("VS", temperatures), ("AE", events)):
        parts += _period_links(numbers, rows[domain], frame["subject_id"], exposure)
    return unite(parts), rows


def link_arms(numbers: CellNumbers, links: pd.DataFrame, toxicity: pd.DataFrame, subjects):
    """The links of toxicity with those of each row to its patient's arm, by which rows are counted.

    `toxicity` has the column row."""
    position = _rows_of_subjects(toxicity, subjects)
    return unite([links, numbers.links(toxicity["row"], "subjects", position, "arm")])


def _rows_of_subjects(keyed: pd.DataFrame, subjects: pd.DataFrame) -> pd.Series:
    """The position in `subjects` of each row's patient."""
    return keyed["subject_id"].map(pd.Series(subjects.index, index=subjects["subject_id"]))


def link_worst(numbers: CellNumbers, worst: pd.DataFrame, toxicity: pd.DataFrame, links, subjects):
    """Links of toxicity_worst. Rows of the worst grade decided it; others on treatment, and the
    baseline, contributed: to an item with all their cells, to the patient's row with those that
    gave their grades and those that placed them on treatment or before it. Without any observation,
    the patient's row in subjects decided. `toxicity` has the column row."""
    used = toxicity[toxicity["item"].notna() & (toxicity["on_treatment"] | toxicity["baseline"])]
    members = used[["subject_id", "item", "row", "grade", "on_treatment"]]
    members = members.rename(columns={"row": "member", "grade": "observed"})
    members = pd.concat([members, members.assign(item=ANY)], ignore_index=True)
    rows = worst[["subject_id", "item", "grade"]].rename_axis("new").reset_index()
    members = members.merge(rows, on=["subject_id", "item"])
    same = (members["observed"] == members["grade"]).fillna(False) | members["grade"].isna()
    members["deciding"] = same.astype(bool) & members["on_treatment"].astype(bool)
    every_cell = members["deciding"] | (members["item"] != ANY)
    columns = ["new", "member", "deciding"]
    position = _rows_of_subjects(worst, subjects)
    lonely = ~worst.index.isin(members.loc[members["deciding"], "new"])
    return unite(
        [
            _inherit(links, members.loc[every_cell, columns]),
            _inherit(
                links[links["decided"] | numbers.are_dates(links)],
                members.loc[~every_cell, columns],
            ),
            numbers.links(
                worst.index[lonely], "subjects", position[lonely], "subject_id", decided=True
            ),
            numbers.links(worst.index, "subjects", position, "arm"),
        ]
    )


def link_signs(
    numbers: CellNumbers, signs: pd.DataFrame, events: pd.DataFrame, rows, links, subjects
):
    """Links of signs: the records' terms decided; their grades and dates contributed. A sign that
    is absent was decided by the patient's row in subjects, since there is no record to point
    at."""
    records = (
        events.loc[events["on_treatment"], ["subject_id", "pt"]].rename_axis("event").reset_index()
    )
    found = records.merge(
        signs[["subject_id", "pt"]].rename_axis("new").reset_index(), on=["subject_id", "pt"]
    )
    members = pd.DataFrame({"new": found["new"], "member": rows.loc[found["event"]].to_numpy()})
    position = _rows_of_subjects(signs, subjects)
    absent = ~signs["present"].to_numpy(bool)
    return unite(
        [
            numbers.links(found["new"], "ae", found["event"], "pt", decided=True),
            _inherit(links, members.assign(deciding=False)),
            numbers.links(
                signs.index[absent], "subjects", position[absent], "subject_id", decided=True
            ),
            numbers.links(signs.index, "subjects", position, "arm"),
        ]
    )

"""The course of each patient from transplantation: follow-up, treatment, relapse, death."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from graftline.figures.style import ARM_COLOURS, ARM_MARKERS, GRID, INK, new_figure

BAR, TREATMENT = 0.52, 0.82  # heights, where neighbouring patients are 1 apart
NO_ARM = "#7F7F7F"
RELAPSE = {"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK}
DEATH = {"marker": "X", "markerfacecolor": INK, "markeredgecolor": "white"}
ARM_MARK = {"markerfacecolor": "white", "markeredgecolor": "white"}
ONGOING = {"marker": ">", "markerfacecolor": INK, "markeredgecolor": INK}


def sort_by_follow_up(subjects: pd.DataFrame) -> pd.DataFrame:
    """Patients who can be drawn, the longest follow-up first, ties by case."""
    drawn = subjects[subjects["tx_date"].notna() & subjects["days_tx_to_end"].notna()]
    number = drawn["case_label"].str.removeprefix("Case ").astype("int64")
    order = drawn.assign(number=number).sort_values(
        ["days_tx_to_end", "number"], ascending=[False, True]
    )
    return order.drop(columns="number").reset_index(drop=True)


def _mark(axes, days: pd.Series, place: pd.Series, style: dict, size: float = 6.5) -> None:
    axes.plot(
        days.astype(float),
        place,
        linestyle="none",
        markersize=size,
        clip_on=False,
        zorder=4,
        **style,
    )


def _style_arms(rows: pd.DataFrame, arms: Mapping[str, Mapping[str, str]]) -> dict[str, dict]:
    """Colour, marker and label of each arm that has patients."""
    return {
        code: {
            "color": ARM_COLOURS[i % len(ARM_COLOURS)],
            "marker": ARM_MARKERS[i % len(ARM_MARKERS)],
            "label": arm["label"],
        }
        for i, (code, arm) in enumerate(arms.items())
        if (rows["arm"] == code).fillna(False).any()
    }


def _legend(styles: dict[str, dict], treated: bool, shown: dict[str, dict]) -> list:
    """One handle for each arm, the treatment window, and each kind of marker that is shown."""
    handles: list = [
        Line2D([], [], linewidth=7, solid_capstyle="butt", markersize=4, **ARM_MARK, **style)
        for style in styles.values()
    ]
    if treated:
        handles.append(
            Patch(facecolor="none", edgecolor=INK, hatch="/////", linewidth=0.6, label="treatment")
        )
    return handles + [
        Line2D([], [], linestyle="none", markersize=6, label=label, **style)
        for label, style in shown.items()
    ]


def draw_swimmer(subjects: pd.DataFrame, arms: Mapping[str, Mapping[str, str]]) -> Figure:
    """A bar a patient from day 0, the transplantation, to death or the last date known alive.

    `subjects` is the derived table. The treatment window is hatched; markers show relapse or
    progression and death, and an arrow a patient alive at the end of his bar. Patients appear by
    their case's label alone, the longest follow-up on top, with the colour and mark
    of their arm.
    """
    rows = sort_by_follow_up(subjects)
    place = pd.Series(range(len(rows)), index=rows.index)
    styles = _style_arms(rows, arms)
    figure = new_figure(165, 28 + 6.5 * len(rows))
    axes = figure.subplots()
    fill = rows["arm"].map({code: style["color"] for code, style in styles.items()})
    fill = fill.astype(object).fillna(NO_ARM).tolist()
    end = rows["days_tx_to_end"].astype(float)
    axes.barh(place, end, height=BAR, color=fill, zorder=2)
    for code, style in styles.items():
        of_arm = (rows["arm"] == code).fillna(False)
        near_start = pd.Series(0.012 * end.max(), index=rows.index)[of_arm]
        _mark(axes, near_start, place[of_arm], ARM_MARK | {"marker": style["marker"]}, 4)

    treated = rows["days_to_treatment"].notna() & rows["days_tx_to_last_dose"].notna()
    first = rows.loc[treated, "days_to_treatment"].astype(float)
    # Treatment lasts from the morning of the first dose to the evening of the last.
    width = rows.loc[treated, "days_tx_to_last_dose"].astype(float) + 1 - first
    axes.barh(
        place[treated], width, left=first, height=TREATMENT, facecolor="white", edgecolor=INK,
        hatch="/////", linewidth=0.6, zorder=3,
    )  # fmt: skip

    dead = rows["death_date"].notna()
    alive = (rows["vital_status"] == "ALIVE").fillna(False)
    relapsed = rows["days_tx_to_relapse"].notna()
    shown = {}
    for label, which, days, style in (
        ("relapse or progression", relapsed, rows["days_tx_to_relapse"], RELAPSE),
        ("death", dead, rows["days_tx_to_end"], DEATH),
        ("alive", alive, rows["days_tx_to_end"], ONGOING),
    ):
        if which.any():
            _mark(axes, days[which], place[which], style)
            shown[label] = style

    axes.set_yticks(list(place), rows["case_label"].tolist())
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, max(end.max() * 1.03, 1) if len(rows) else 1)
    axes.set_xlabel("Days from transplantation")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(True, color=GRID, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    handles = _legend(styles, bool(treated.any()), shown)
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def draw_nothing() -> Figure:
    """An empty figure, for a study whose patients are not shown one by one."""
    figure = new_figure(60, 12)
    figure.text(0.5, 0.5, "Patients are not shown one by one.", ha="center", va="center")
    return figure

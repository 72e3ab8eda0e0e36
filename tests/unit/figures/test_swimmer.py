"""The course of each patient, read back from what was drawn."""

import pandas as pd
import pytest

from graftline.figures.swimmer import draw_nothing, draw_swimmer, sort_by_follow_up

ARMS = {"HD": {"label": "high-dose group"}, "ESC": {"label": "escalating-dose group"}}
TEXT = "string[pyarrow]"

# case, arm, vital status, first dose, last dose, relapse, end: days from transplantation
ROWS = [
    ("Case 1", "HD", "ALIVE", 90, 170, None, 900),
    ("Case 2", "ESC", "DEAD", 100, 210, 300, 500),
    ("Case 10", "HD", "ALIVE", None, None, None, 500),
]


def make_subjects(rows):
    names = ["case_label", "arm", "vital_status", "days_to_treatment", "days_tx_to_last_dose"]
    frame = pd.DataFrame(rows, columns=[*names, "days_tx_to_relapse", "days_tx_to_end"])
    frame = frame.astype(
        dict.fromkeys(names[:3], TEXT)
        | dict.fromkeys([*names[3:], "days_tx_to_relapse", "days_tx_to_end"], "Int64")
    )
    frame["subject_id"] = [f"SECRET-{i}" for i in range(len(frame))]
    frame["tx_date"] = pd.Timestamp("1999-01-01")
    end = frame["tx_date"] + pd.to_timedelta(frame["days_tx_to_end"].astype(float), unit="D")
    frame["death_date"] = end.where(frame["vital_status"] == "DEAD")
    return frame


@pytest.fixture
def figure():
    return draw_swimmer(make_subjects(ROWS), ARMS)


def bars(figure):
    return [(bar.get_x(), bar.get_width()) for bar in figure.axes[0].patches]


def marks(figure, marker):
    return [
        (float(x), float(y))
        for drawn in figure.axes[0].lines
        if drawn.get_marker() == marker
        for x, y in zip(*drawn.get_data(), strict=True)
    ]


def test_the_longest_follow_up_is_on_top_and_ties_stand_by_case_number(figure):
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Case 1", "Case 2", "Case 10"]
    bottom, top = axes.get_ylim()
    assert top < 0 < 2 < bottom  # the first row is drawn at the top


def test_a_bar_runs_from_transplantation_to_the_end_of_follow_up(figure):
    assert bars(figure)[:3] == [(0, 900), (0, 500), (0, 500)]


def test_treatment_runs_from_the_first_dose_through_the_day_of_the_last(figure):
    assert bars(figure)[3:] == [(90, 81), (100, 111)]  # the untreated patient has no window


def test_relapse_death_and_survival_are_marked_where_they_belong(figure):
    assert marks(figure, "D") == [(300, 1)]
    assert marks(figure, "X") == [(500, 1)]
    assert marks(figure, ">") == [(900, 0), (500, 2)]


def test_each_arm_has_its_colour_and_mark_and_the_legend_names_both(figure):
    colours = {bar.get_facecolor() for bar in figure.axes[0].patches[:3]}
    assert len(colours) == 2
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[:2] == ["high-dose group", "escalating-dose group"]
    assert {"treatment", "relapse or progression", "death", "alive"} == set(labels[2:])


def test_what_did_not_happen_is_not_in_the_legend():
    figure = draw_swimmer(make_subjects(ROWS[2:]), ARMS)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["high-dose group", "alive"]


def test_patients_appear_by_their_case_alone(figure):
    import io

    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    assert "SECRET" not in buffer.getvalue()
    texts = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    assert not any("SECRET" in text for text in texts)


def test_a_patient_without_transplantation_or_follow_up_is_not_drawn():
    subjects = make_subjects([*ROWS, ("Case 4", "HD", "ALIVE", 90, 100, None, None)])
    subjects.loc[0, "tx_date"] = pd.NaT
    assert sort_by_follow_up(subjects)["case_label"].tolist() == ["Case 2", "Case 10"]


def test_patients_of_no_arm_are_drawn_too():
    figure = draw_swimmer(make_subjects([("Case 1", None, "ALIVE", 90, 170, None, 900)]), {})
    assert bars(figure) == [(0, 900), (90, 81)]


def test_a_study_that_shows_no_patients_gets_a_figure_that_says_so():
    (text,) = draw_nothing().texts
    assert "not shown" in text.get_text()

"""The paper's sentences read as prose for none, one and many, and for studies that have less."""

import html
import re
from copy import deepcopy

import pytest
import yaml

from graftline.report.digits import find_typed_digits
from tests.scripts.small_study import ROOT
from tests.spec.small_paper import TOKENS, alter, fragments, paper, read, render, results, survival

# ---- none, one, many


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "No patient is reported"),
        (1, "One patient is reported"),
        (2, "Two patients are reported"),
        (13, "Thirteen patients are reported"),
        (40, "Forty patients are reported"),
        (99, "Ninety-nine patients are reported"),
        (100, "100 patients are reported"),
    ],
)
def test_patients_are_counted_in_prose(n, said):
    assert said in results(values={"cohort.n": n})


@pytest.mark.parametrize(
    ("n", "said"), [(0, "No patient was"), (1, "One patient was"), (4, "Four patients were")]
)
def test_the_abstract_counts_patients_in_prose(n, said):
    assert f"{said} followed" in read("sections/abstract.html.j2", values={"cohort.n": n})


@pytest.mark.parametrize(
    ("some", "all_", "said"),
    [
        (0, 9, "None had"),
        (1, 9, "One had"),
        (2, 9, "Two had"),
        (9, 9, "All nine had"),
        (1, 1, "One had"),
    ],
)
def test_risk_is_told_of_none_some_and_all(some, all_, said):
    text = results(values={"cohort.very_high_risk.n": some, "cohort.n": all_})
    assert f". {said} a stated reason" in text


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "No patient was withdrawn from treatment."),
        (1, "One patient was withdrawn from treatment."),
        (2, "Two patients were withdrawn from treatment."),
    ],
)
def test_withdrawals_are_counted_in_prose(n, said):
    assert said in results(values={"exposure.withdrawn_any.n": n})


@pytest.mark.parametrize(
    ("given", "completed", "said"),
    [
        (
            1,
            0,
            "Of one patient for whom interleukin-2 was planned or given, none had all planned doses.",
        ),
        (
            1,
            1,
            "Of one patient for whom interleukin-2 was planned or given, one had all planned doses.",
        ),
        (
            4,
            2,
            "Of four patients for whom interleukin-2 was planned or given, two had all planned doses.",
        ),
    ],
)
def test_completed_treatment_is_counted_in_prose(given, completed, said):
    values = {"exposure.il2.n": given, "exposure.il2.completed.n": completed}
    assert said in results(values=values)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "No patient had a serious adverse event."),
        (1, "One patient had a serious adverse event."),
        (2, "Two patients had a serious adverse event."),
    ],
)
def test_serious_events_are_counted_in_prose(n, said):
    assert said in results(values={"toxicity.serious.n": n})


@pytest.mark.parametrize(
    ("n", "died", "said"),
    [
        (
            0,
            0,
            "No patient had an infection related to treatment, and none died of toxicity or infection.",
        ),
        (
            1,
            0,
            "One patient had an infection related to treatment, and none died of toxicity or infection.",
        ),
        (
            2,
            1,
            "Two patients had an infection related to treatment, and one died of toxicity or infection.",
        ),
    ],
)
def test_infections_are_counted_in_prose(n, died, said):
    values = {"toxicity.infection_related.n": n, "cohort.deaths_treatment_related.n": died}
    assert said in results(values=values)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "No patient died of toxicity or infection."),
        (1, "One patient died of toxicity or infection."),
        (2, "Two patients died of toxicity or infection."),
    ],
)
def test_what_a_study_does_not_record_is_not_said_to_be_none(n, said):
    parts = alter("tabulate_toxicity", recorded=[])
    values = {"cohort.deaths_treatment_related.n": n}
    text = results(parts=parts, values=values)
    assert said in text and "an infection" not in text and "serious" not in text
    abstract = read("sections/abstract.html.j2", parts=parts)
    assert "an infection" not in abstract
    assert "No patient had an infection" in read("sections/abstract.html.j2")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "lacks, no patient would have another worst grade."),
        (1, "lacks, one patient would have another worst grade (Table 5, footnote)."),
        (2, "lacks, two patients would have another worst grade (Table 5, footnote)."),
    ],
)
def test_worst_grades_that_another_scale_changes_are_counted_in_prose(n, said):
    parts = alter("tabulate_toxicity", signs_counted=["weight loss"], ungraded=[])
    said = f"Counting also the CTCAE 5.0 grade of weight loss, which the WHO 1981 scale {said}"
    assert said in results(values={"toxicity.with_ctc.changed.n": n}, parts=parts)
    assert "Counting also" not in results().partition("The worst grade of a patient")[0]


def sign(name, *, never):
    ids = {"observed": "toxicity.n", "not_graded": "toxicity.grade4.n"}
    return {"name": name, "never": never, "lacking": True} | ids


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        ([], None),
        (
            [sign("chills", never=True)],
            "grade, chills could not be graded on CTCAE 5.0 in any patient.",
        ),
        (
            [sign("chills", never=True), sign("nausea", never=True)],
            "grade, chills and nausea could not be graded on CTCAE 5.0 in any patient.",
        ),
        (
            [sign("dermatitis", never=False)],
            "grade, dermatitis could not be graded on CTCAE 5.0 in one of two.",
        ),
        (
            [sign("chills", never=True), sign("fever", never=False), sign("rash", never=False)],
            "grade, chills could not be graded on CTCAE 5.0 in any patient, and fever could not in one "
            "of two and rash in one of two.",
        ),
    ],
)
def test_signs_that_the_other_scale_cannot_grade_are_named(signs, said):
    parts = alter("tabulate_toxicity", signs_counted=["weight loss"], ungraded=signs)
    text = results(values={"toxicity.n": 2, "toxicity.grade4.n": 1}, parts=parts)
    assert said in text if said else "For want of" not in text
    unknown = "what the signs without a grade would add is not known." in text
    assert unknown == any(one["never"] for one in signs)


@pytest.mark.parametrize(
    ("differ", "of", "said"),
    [
        (0, 1, "first, none of one laboratory value would have another grade."),
        (1, 2, "first, one of two laboratory values would have another grade."),
        (14, 854, "first, 14 of 854 laboratory values would have another grade."),
    ],
)
def test_values_that_rounding_changes_are_counted_in_prose(differ, of, said):
    values = {"toxicity.rule_b.differ.n": differ, "toxicity.rule_b.values.n": of}
    assert said in results(values=values, parts=alter("tabulate_toxicity", rule_b=True))


def test_worst_grades_by_period_are_told_in_prose():
    said = (
        "Before treatment the worst grade was none in one (one without a grade). "
        "During treatment the worst grade was I in one and IV in one. "
    )
    assert said in results()


def test_one_period_alone_is_not_told_in_prose():
    periods = fragments()["tabulate_toxicity"]["facts"]["periods"][1:]
    assert "During treatment" not in results(parts=alter("tabulate_toxicity", periods=periods))


def test_a_study_on_one_scale_speaks_of_one_in_prose():
    parts = alter("tabulate_toxicity", also=[])
    del parts["tabulate_toxicity"]["tables"]["toxicity_scales"]
    assert "CTCAE" not in results(parts=parts).partition("The worst grade of a patient")[0]
    assert "on the WHO 1981 scale, item by item" in read("sections/methods.html.j2", parts=parts)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (False, "recorded; the WHO 1981 scale has no rule for values that were abnormal before"),
        (True, "Adverse events are those that were recorded. "),
    ],
)
def test_a_scale_without_a_rule_for_baselines_is_said_to_have_none(counts, said):
    parts = alter("tabulate_toxicity", baseline_counts=counts)
    assert said in read("sections/limits.html.j2", parts=parts)


def test_a_scale_that_does_not_grade_low_pressure_does_not_speak_of_it():
    parts = alter("tabulate_toxicity", fever_with_hypotension=None)
    assert "mmHg" not in read("sections/methods.html.j2", parts=parts)
    assert "Fever was grade IV when" in read("sections/methods.html.j2")


@pytest.mark.parametrize(
    ("whole", "said"), [(1, "one of one patient ("), (2, "one of two patients (")]
)
def test_a_share_counts_its_whole_in_prose(whole, said):
    text = results(values={"toxicity.high_dose.n": whole, "toxicity.escalating.n": whole})
    assert text.count(said) == 2


@pytest.mark.parametrize(
    ("some", "of", "said"),
    [
        (0, 4, "in none of four patients ("),
        (1, 1, "in one of one patient ("),
        (1, 4, "in one of four patients ("),
        (4, 4, "in all four patients ("),
        (4, 9, "in four of nine patients ("),
        (13, 14, "in 13 of 14 patients ("),
    ],
)
def test_a_share_is_told_with_its_whole_percentage_and_limits(some, of, said):
    parts = alter("tabulate_toxicity")
    facts = parts["tabulate_toxicity"]["facts"]
    facts["groups"] = [group for group in facts["groups"] if group["id"] == "all"]
    facts["groups"][0]["grades"] = [{"grade": 4, "roman": "IV", "number": "toxicity.grade4.n"}]
    stem = "toxicity.grade4"
    values = {f"{stem}.n": some, "toxicity.n": of}
    values |= {f"{stem}.percent": 44, f"{stem}.lower": 14, f"{stem}.upper": 79}
    text = results(parts=parts, values=values)
    assert f"the worst grade on treatment was IV {said}44; 95% CI 14–79)." in text


def course(alive, complete, chronic, dead, disease, treatment, other, lost=0):
    names = ("alive", "alive_cr", "alive_cp", "dead", "deaths_disease", "deaths_treatment_related")
    counts = (alive, complete, chronic, dead, disease, treatment, other)
    names = [*names, "deaths_other"]
    values = {f"cohort.{name}.n": n for name, n in zip(names, counts, strict=True)}
    return values | {"cohort.lost.n": lost, "cohort.alive_cp_cml.n": chronic}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (course(0, 0, 0, 2, 1, 1, 0), "At the cut no patient was alive; two had died, one of relapse or progression and one of treatment."),
        (course(1, 1, 0, 0, 0, 0, 0), "At the cut one patient was alive, one in complete remission; none had died."),
        (course(2, 0, 0, 1, 0, 0, 1), "At the cut two patients were alive, none in complete remission; one had died, none of relapse or progression, none of treatment and one of another cause or one that is not known."),
        (course(5, 4, 1, 4, 4, 0, 0), "At the cut five patients were alive, four in complete remission and one in chronic phase of chronic myeloid leukaemia; four had died, four of relapse or progression and none of treatment."),
        (course(1, 1, 0, 1, 1, 0, 0, 1), "one of relapse or progression and none of treatment. One patient was lost to follow-up."),
        (course(1, 1, 0, 1, 1, 0, 0, 2), "none of treatment. Two patients were lost to follow-up."),
    ],
)  # fmt: skip
def test_the_course_is_told_in_prose(values, said):
    assert said in results(values=values)


def test_nobody_lost_is_not_told():
    assert "lost to follow-up" not in results(values=course(1, 1, 0, 1, 1, 0, 0))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (course(1, 1, 0, 0, 0, 0, 0), "At the cut one patient was alive and none had died."),
        (course(0, 0, 0, 1, 1, 0, 0), "At the cut no patient was alive and one had died, of relapse or progression."),
        (course(2, 2, 0, 2, 2, 0, 0), "At the cut two patients were alive and two had died, all of relapse or progression."),
        (course(2, 2, 0, 2, 1, 1, 0), "At the cut two patients were alive and two had died."),
    ],
)  # fmt: skip
def test_the_abstract_tells_the_course_in_prose(values, said):
    assert said in read("sections/abstract.html.j2", values=values)


@pytest.mark.parametrize(
    ("events", "n", "said"),
    [
        (0, 1, "with no event among one patient."),
        (1, 2, "with one event among two patients."),
        (2, 9, "with two events among nine patients."),
    ],
)
def test_events_are_counted_in_prose(events, n, said):
    assert said in results(values={"os.n_events": events, "os.n": n})


@pytest.mark.parametrize(
    ("errors", "warnings", "corrections", "said"),
    [
        (0, 0, 0, "No error was found; no warning was given. No value was corrected."),
        (1, 1, 1, "One error was found; one warning was given and is listed for the sites. One value was corrected, each with"),
        (2, 2, 2, "Two errors were found; two warnings were given and are listed for the sites. Two values were corrected, each"),
    ],
)  # fmt: skip
def test_the_quality_of_the_data_is_told_in_prose(errors, warnings, corrections, said):
    values = {"quality.errors.n": errors, "quality.warnings.n": warnings}
    values["quality.corrections.n"] = corrections
    assert said in read("sections/data_quality.html.j2", values=values)


@pytest.mark.parametrize(
    ("n", "said"), [(1, "With one patient every"), (9, "With nine patients every")]
)
def test_the_limits_count_patients_in_prose(n, said):
    assert said in read("sections/limits.html.j2", values={"cohort.n": n})


# ---- studies that have less


def test_a_study_with_one_group_speaks_of_all_patients():
    parts = alter("tabulate_toxicity")
    facts = parts["tabulate_toxicity"]["facts"]
    facts["groups"] = [group for group in facts["groups"] if group["id"] == "all"]
    facts["same_signs"] = False
    for text in (results(parts=parts), read("sections/abstract.html.j2", parts=parts)):
        assert "In all patients" in text and "in the all" not in text.lower()
    assert "Signs in all patients were fever in one and nausea in one." in results(parts=parts)


def test_a_group_in_which_nobody_was_graded_has_no_sentence():
    parts = alter("tabulate_toxicity")
    parts["tabulate_toxicity"]["facts"]["groups"][0]["grades"] = []
    for text in (results(parts=parts), read("sections/abstract.html.j2", parts=parts)):
        assert "In the high-dose group" not in text and "In the escalating-dose group" in text


def test_a_group_without_signs_is_said_to_have_none():
    parts = alter("tabulate_toxicity")
    parts["tabulate_toxicity"]["facts"]["groups"][0]["signs"] = []
    assert "None of the listed signs was seen in the high-dose group." in results(parts=parts)


def test_groups_that_all_have_no_sign_are_not_said_to_have_the_same():
    parts = alter("tabulate_toxicity", same_signs=True)
    for group in parts["tabulate_toxicity"]["facts"]["groups"]:
        group["signs"] = []
    text = results(parts=parts)
    assert "The same sign" not in text and text.count("None of the listed signs was seen") == 2


def test_a_study_that_lists_no_signs_does_not_speak_of_them():
    parts = alter("tabulate_toxicity", same_signs=True, signs_not_on_scale=[])
    del parts["tabulate_toxicity"]["tables"]["signs"]
    for group in parts["tabulate_toxicity"]["facts"]["groups"]:
        group["signs"] = []
    text = results(parts=parts)
    for said in ("The same sign", "listed signs", "Signs in", "lists them", "no item for"):
        assert said not in text


def test_one_diagnosis_and_one_sign_off_the_scale_are_said_in_the_singular():
    diagnosis = fragments()["summarise_cohort"]["facts"]["cohort.diagnosis"][:1]
    text = results(parts=alter("summarise_cohort", **{"cohort.diagnosis": diagnosis}))
    assert "The diagnosis was acute myeloid leukaemia in one." in text
    text = results(parts=alter("tabulate_toxicity", signs_not_on_scale=["chills"]))
    assert "no item for chills, which carries no grade." in text


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            ["kaplan_meier", "cumulative_incidence"],
            r"at risk; Figure \d and Figure \d show the curves\.",
        ),
        (["kaplan_meier"], r"at risk; Figure \d shows the curves\."),
        ([], r"with the patients at risk\."),
    ],
)
def test_figures_of_survival_are_named_as_many_as_there_are(kept, said):
    parts = alter("estimate_survival")
    figures = parts["estimate_survival"]["figures"]
    parts["estimate_survival"]["figures"] = {name: figures[name] for name in kept}
    assert re.search(said, results(parts=parts))


def test_a_study_of_durations_alone_has_its_paper():
    """Subjects and endpoints, no arms, drugs or toxicity; as hsct-35."""
    protocol = yaml.safe_load((ROOT / "config/hsct-35/study.yaml").read_text("utf-8"))
    cohort = alter("summarise_cohort")["summarise_cohort"]
    for name in cohort["facts"]:
        if name.startswith("cohort.has_"):
            cohort["facts"][name] = False
    del cohort["facts"]["exposure.drugs"]
    cohort["figures"] = {}
    parts = {"summarise_cohort": cohort, "estimate_survival": survival()}
    own = ROOT / "config/hsct-35/references.json"
    page = render(parts=parts, protocol=protocol | {"data_label": None}, more_references=[own])
    assert find_typed_digits(page, TOKENS) == []
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "Relapse and mortality" in text
    for absent in ("Toxicity\n", "Exposure\n", "At the cut", "reconstruction"):
        assert absent not in text


def test_sentences_do_not_run_together():
    page = re.sub(r"<style>.*?</style>|<dl.*?</dl>|<table.*?</table>", "", paper(), flags=re.DOTALL)
    text = re.sub(r"<(?!/?(a|span|b|i|em)\b)[^>]+>", " ", page)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    assert re.findall(r"\w*[a-z)][.;,][A-Z]\w*", text) == []
    assert re.findall(r"\S+ [.;,]", text) == []


def test_statements_that_were_not_assessed_are_not_said_to_agree():
    one = {"id": "C01", "claim": "One patient", "published": {"cohort.n": 1}}

    def said(*checked):
        claims = [one | {"derived": derived, "agrees": agrees} for derived, agrees in checked]
        return read("sections/claims.html.j2", claims=claims)

    agrees, masked, elsewhere = ({"cohort.n": 1}, True), ({"cohort.n": None}, None), (None, None)
    assert "Every statement published about this cohort agrees" in said(agrees, agrees)
    for other in (masked, elsewhere):
        text = said(agrees, other)
        assert "that could be assessed agrees" in text and "shows which could not" in text
    assert "true of another data cut and were not assessed" in said(elsewhere, elsewhere)
    text = said(masked, masked)
    assert "since that is masked" in text and "another data cut" not in text
    assert "Not every statement" in said(agrees, ({"cohort.n": 2}, False))


def test_what_the_policy_masks_is_left_out_of_the_prose_and_what_is_under_a_limit_is_not():
    grades = ("toxicity.grade4.high_dose", "toxicity.grade1.escalating")
    ends = (".n", ".percent", ".lower", ".upper")
    all_masked = {grade + end: "masked" for grade in grades for end in ends}
    said = results(masked=all_masked)
    assert "In the high-dose group the worst grade" not in said and "undisclosed" not in said
    said = results(masked=all_masked | {"toxicity.grade4.high_dose.n": "<5"})
    assert "In the high-dose group the worst grade on treatment was IV in fewer than five" in said


def test_a_figure_that_is_not_shown_is_not_spoken_of():
    parts = deepcopy(fragments())
    del parts["tabulate_toxicity"]["figures"]["toxicity"]
    assert re.search(r"gives all grades, Table \d+ the items", results(parts=parts))

"""Endpoints from small tables by hand: each step at its limit, beside it, missing."""

import pandas as pd
import pytest

from graftline.derive.endpoints import derive_endpoints, derive_in_blocks
from graftline.derive.endpoints.partial_dates import apply_bounds, flag_precision, impute_middle
from graftline.errors import GraftlineError

CUT = "2001-01-01"
ORIGINS = {
    "TX": {"event": "transplant", "label": "transplantation"},
    "IT": {"event": "treatment_start", "label": "start of treatment"},
}
SURVIVAL = {"time_unit": "day", "lost_to_follow_up_days": 183}
KM = {"estimator": "kaplan_meier", "label": "x"}
AJ = {"estimator": "aalen_johansen", "label": "x"}
ENDPOINTS = {
    "os": {
        "paramcd": "OS",
        "origin": "TX",
        "events": ["death"],
        "censorings": ["last_alive"],
        **KM,
    },
    "pfs": {
        "paramcd": "PFS",
        "origin": "TX",
        "events": ["relapse", "death"],
        "censorings": ["last_assessment"],
        **KM,
    },
    "nrm": {
        "paramcd": "NRM",
        "origin": "TX",
        "events": ["death"],
        "competing": ["relapse"],
        "censorings": ["last_assessment"],
        **AJ,
    },
    "pfs_it": {
        "paramcd": "PFS",
        "origin": "IT",
        "events": ["relapse", "death"],
        "censorings": ["last_assessment"],
        **KM,
    },
    "pfs_entry": {
        "paramcd": "PFS",
        "origin": "TX",
        "entry": "IT",
        "events": ["relapse", "death"],
        "censorings": ["last_assessment"],
        **KM,
    },
}
# Every table's columns: text, complete dates, dates that may be partial, whole numbers.
COLUMNS = {
    "subjects": (["subject_id", "arm"], [], [], []),
    "disease": (["subject_id", "diagnosis", "status_at_tx"], [], [], []),
    "transplant": (["subject_id"], ["tx_date", "anc500_date", "plt20_date"], [], ["tx_no"]),
    "exposure": (["subject_id"], ["start_date", "end_date"], [], ["n_given"]),
    "labs": (["subject_id"], ["date"], [], []),
    "vitals": (["subject_id"], ["date"], [], []),
    "ae": (["subject_id"], [], ["start_date"], []),
    "assessments": (["subject_id", "response", "adequate"], [], ["date"], []),
    "followup": (
        ["subject_id", "vital_status", "death_cause"],
        [],
        ["date", "death_date"],
        [],
    ),
    "new_therapy": (["subject_id", "type"], [], ["date"], []),
}


def make_table(name, rows):
    """A validated table from dictionaries: dates are ISO text, partial ones as YYYY-MM or YYYY."""
    texts, dates, partials, numbers = COLUMNS[name]
    frame = pd.DataFrame(rows, columns=[*texts, *dates, *partials, *numbers])
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    for column in partials:
        periods = [pd.Period(text) if isinstance(text, str) else None for text in frame[column]]
        for end, attribute in (("earliest", "start_time"), ("latest", "end_time")):
            days = [getattr(p, attribute).normalize() if p is not None else pd.NaT for p in periods]
            frame[f"{column}_{end}"] = pd.Series(days, dtype="datetime64[ns]")
    frame = frame.astype(dict.fromkeys([*texts, *partials], "string[pyarrow]"))
    frame = frame.astype(dict.fromkeys(numbers, "Int64"))
    frame["src_file"] = pd.Series(f"data/{name}.csv", index=frame.index, dtype="string[pyarrow]")
    frame["src_line"] = pd.Series(range(2, len(frame) + 2), index=frame.index, dtype="Int64")
    return frame


def a_patient(subject="P1", **changes):
    """Transplanted 1 January 2000, treated from 10 April (day 100), well 30 November (day 334)."""
    rows = {
        "subjects": [{"arm": "A"}],
        "disease": [{"diagnosis": "AML", "status_at_tx": "CR1"}],
        "transplant": [{"tx_no": 1, "tx_date": "2000-01-01"}],
        "exposure": [{"start_date": "2000-04-10", "end_date": "2000-04-20", "n_given": 5}],
        "assessments": [{"date": "2000-11-20", "response": "CR", "adequate": "Y"}],
        "followup": [{"date": "2000-11-30", "vital_status": "ALIVE"}],
    }
    rows.update(changes)
    return {name: [{"subject_id": subject, **row} for row in part] for name, part in rows.items()}


def dead(date, cause="NRM_OTHER"):
    return [{"date": date, "vital_status": "DEAD", "death_date": date, "death_cause": cause}]


def seen(date, response="CR", adequate="Y"):
    return {"date": date, "response": response, "adequate": adequate}


def derive(*patients, cut=CUT, endpoints=None):
    names = {name for patient in patients for name in patient}
    tables = {
        name: make_table(name, [row for patient in patients for row in patient.get(name, [])])
        for name in names
    }
    return derive_endpoints(
        tables, endpoints=endpoints or ENDPOINTS, origins=ORIGINS, survival=SURVIVAL, cut=cut
    )


def the(endpoint, *patients, **options):
    frame, _ = derive(*patients, **options)
    return frame[frame["endpoint"] == endpoint].iloc[0]


def test_survivor_is_censored_when_last_known_alive():
    row = the("os", a_patient())
    assert (row["status"], row["cnsr"], row["time"], row["aval"]) == (0, 1, 334, 335)
    assert (row["srcdom"], row["srcvar"], row["srcseq"]) == ("followup", "date", 2)
    assert row["cnsdtdsc"] == "Last date known alive"
    assert pd.isna(row["evntdesc"])


def test_last_alive_is_the_latest_evidence_in_any_table():
    for table, row in {
        "labs": {"date": "2000-12-05"},
        "vitals": {"date": "2000-12-05"},
        "ae": {"start_date": "2000-12-05"},
        "assessments": seen("2000-12-05", "NE", "N"),
        "exposure": {"start_date": "2000-04-10", "end_date": "2000-12-05", "n_given": 3},
    }.items():
        found = the("os", a_patient(**{table: [row]}))
        assert (found["time"], found["srcdom"]) == (339, table)


def test_partial_adverse_event_is_no_evidence_of_life():
    assert the("os", a_patient(ae=[{"start_date": "2000-12"}]))["time"] == 334


def test_cycle_of_which_nothing_was_given_is_no_evidence_of_life_and_starts_no_treatment():
    never = {"start_date": "2000-12-05", "end_date": "2000-12-05", "n_given": 0}
    first = {"start_date": "2000-03-01", "end_date": "2000-03-01", "n_given": 0}
    given = {"start_date": "2000-04-10", "end_date": "2000-04-20", "n_given": 5}
    patient = a_patient(exposure=[first, given, never])
    assert the("os", patient)["time"] == 334
    assert the("pfs_entry", patient)["entry"] == 100


def test_partial_contact_counts_from_its_first_day():
    # 2000-12 allows 1 December onward: day 335.
    patient = a_patient(followup=[{"date": "2000-12", "vital_status": "ALIVE"}])
    assert the("os", patient)["time"] == 335


def test_evidence_after_the_cut_is_bounded_by_it():
    row = the("os", a_patient(), cut="2000-11-25")
    assert (row["time"], row["cnsdtdsc"]) == (329, "Alive at the data cut")


def test_death_on_the_cut_is_an_event_and_one_day_later_is_not():
    patient = a_patient(followup=dead("2000-12-10"))
    assert the("os", patient, cut="2000-12-10")["status"] == 1
    row = the("os", patient, cut="2000-12-09")
    assert (row["status"], row["cnsr"], row["time"]) == (0, 1, 343)  # alive on the cut


def test_death_on_the_day_of_last_contact_beats_censoring():
    patient = a_patient(followup=dead("2000-11-30"), labs=[{"date": "2000-11-30"}])
    row = the("os", patient)
    assert (row["status"], row["cnsr"], row["time"], row["evntdesc"]) == (1, 0, 334, "Death")


def test_alive_after_death_names_file_and_line():
    patient = a_patient(followup=dead("2000-11-30"), vitals=[{"date": "2000-12-01"}])
    with pytest.raises(
        GraftlineError, match=r"data/vitals.csv, line 2, column date: .*alive after"
    ):
        derive(patient)


def test_sample_one_day_after_death_is_tolerated_and_two_days_are_not():
    late = {"followup": dead("2000-11-30"), "labs": [{"date": "2000-12-01"}]}
    assert the("os", a_patient(**late))["time"] == 334
    late["labs"] = [{"date": "2000-12-02"}]
    with pytest.raises(GraftlineError, match="labs.csv"):
        derive(a_patient(**late))


def test_errors_hold_no_patient_identifier():
    patient = a_patient("SECRET", followup=dead("2000-11-30"), vitals=[{"date": "2000-12-01"}])
    with pytest.raises(GraftlineError) as error:
        derive(patient)
    assert "SECRET" not in str(error.value)


def test_relapse_ends_progression_free_survival_but_not_survival():
    patient = a_patient(assessments=[seen("2000-05-10"), seen("2000-06-01", "REL")])
    row = the("pfs", patient)
    assert (row["status"], row["time"], row["evntdesc"]) == (1, 152, "Relapse")
    assert (row["srcdom"], row["srcseq"]) == ("assessments", 3)
    assert the("os", patient)["status"] == 0
    assert the("nrm", patient)[["status", "cnsr"]].tolist() == [2, 5]


def test_first_of_two_relapses_counts():
    patient = a_patient(
        assessments=[seen("2000-08-01", "PD"), seen("2000-07-01"), seen("2000-06-01", "REL")]
    )
    assert the("pfs", patient)["time"] == 152


def test_death_after_relapse_counts_for_survival_only():
    patient = a_patient(followup=dead("2000-11-30"), assessments=[seen("2000-06-01", "REL")])
    assert the("nrm", patient)["status"] == 2
    assert the("pfs", patient)["time"] == 152
    assert the("os", patient)["time"] == 334


def test_relapse_and_death_on_one_day_is_a_relapse_whatever_the_order_listed():
    patient = a_patient(followup=dead("2000-11-30"), assessments=[seen("2000-11-30", "REL")])
    row = the("pfs", patient)
    assert (row["status"], row["evntdesc"]) == (1, "Relapse, on the day of death")
    assert the("nrm", patient)["status"] == 2  # nrm lists death, then relapse


def test_death_one_day_before_the_relapse_is_a_contradiction():
    patient = a_patient(followup=dead("2000-11-29"), assessments=[seen("2000-11-30", "REL")])
    with pytest.raises(GraftlineError, match="assessments.csv, line 2"):
        derive(patient)


def test_death_of_relapse_without_an_earlier_record_is_a_relapse_on_that_day():
    row = the("nrm", a_patient(followup=dead("2000-11-30", "RELAPSE")))
    assert (row["status"], row["time"], row["srcvar"]) == (2, 334, "death_cause")
    assert the("nrm", a_patient(followup=dead("2000-11-30", "NRM_TOXIC")))["status"] == 1


def test_relapse_on_the_day_of_transplantation_is_refused_and_one_day_later_is_not():
    untreated = {"exposure": []}
    with pytest.raises(GraftlineError, match="relapse on or before transplantation"):
        derive(a_patient(assessments=[seen("2000-01-01", "REL")], **untreated))
    row = the("pfs", a_patient(assessments=[seen("2000-01-02", "REL")], **untreated))
    assert row["time"] == 1


def test_patient_who_relapsed_before_treatment_is_outside_either_clock_and_flagged():
    # The second stage of checks makes it an error, unless the study treats after relapse.
    patient = a_patient(assessments=[seen("2000-04-09", "REL")])
    row = the("pfs_it", patient)
    assert (row["in_risk_set"], row["flag"]) == (False, "EVENT_BEFORE_ENTRY")
    assert pd.isna(row["time"]) and pd.isna(row["status"]) and pd.isna(row["cnsr"])
    row = the("pfs_entry", patient)
    assert (row["in_risk_set"], row["time"], row["entry"]) == (False, 99, 100)
    assert (row["srcdom"], row["srcseq"], row["flag"]) == ("assessments", 2, "EVENT_BEFORE_ENTRY")
    assert pd.isna(the("pfs", patient)["flag"])


def test_event_on_the_day_of_entry_counts_half_a_day_later():
    patient = a_patient(assessments=[seen("2000-04-10", "REL")])
    row = the("pfs_it", patient)
    assert (row["time"], row["entry"], row["aval"], row["in_risk_set"]) == (0.5, 0, 1, True)
    row = the("pfs_entry", patient)
    assert (row["time"], row["entry"], row["in_risk_set"]) == (100.5, 100, True)
    row = the("pfs_it", a_patient(assessments=[seen("2000-04-11", "REL")]))
    assert row["time"] == 1


def test_entry_counts_days_as_the_time_does():
    row = the("pfs_entry", a_patient())
    assert (row["entry"], row["time"]) == (100, 324)


def test_censored_on_the_day_of_entry_never_comes_under_observation():
    patient = a_patient(assessments=[seen("2000-04-10")])
    assert not the("pfs_entry", patient)["in_risk_set"]
    assert the("pfs_entry", a_patient(assessments=[seen("2000-04-11")]))["in_risk_set"]


def test_treatment_before_transplantation_is_refused_and_on_its_day_is_not():
    early = [{"start_date": "1999-12-31", "end_date": "1999-12-31", "n_given": 1}]
    with pytest.raises(GraftlineError, match="exposure.csv, line 2, column start_date"):
        derive(a_patient(exposure=early))
    same = [{"start_date": "2000-01-01", "end_date": "2000-01-01", "n_given": 1}]
    assert the("pfs_entry", a_patient(exposure=same))["entry"] == 0


def test_untreated_patient_is_kept_but_not_under_observation_from_treatment():
    frame, _ = derive(a_patient(exposure=[]))
    rows = frame.set_index("endpoint")
    assert rows.loc["pfs", "in_risk_set"]
    assert not rows.loc["pfs_entry", "in_risk_set"]
    assert not rows.loc["pfs_it", "in_risk_set"]
    assert pd.isna(rows.loc["pfs_it", "time"])


def test_patient_without_the_event_that_starts_the_clock_is_not_under_observation():
    # Of a transplant study it is an error of the first stage (E07).
    row = the("os", a_patient(transplant=[{"tx_no": 2, "tx_date": "2000-01-01"}]))
    assert not row["in_risk_set"] and pd.isna(row["time"]) and pd.isna(row["status"])


def test_only_adequate_assessments_free_of_disease_censor():
    patient = a_patient(
        assessments=[
            seen("2000-05-01"),
            seen("2000-06-01", adequate="N"),
            seen("2000-07-01", adequate=None),
            seen("2000-08-01", "NE"),
        ]
    )
    row = the("pfs", patient)
    assert (row["time"], row["cnsr"], row["srcseq"]) == (121, 1, 2)


def test_assessment_on_the_cut_censors_and_one_after_it_does_not():
    patient = a_patient(assessments=[seen("2000-05-01"), seen("2000-11-20")])
    assert the("pfs", patient, cut="2000-11-20")["time"] == 324
    assert the("pfs", patient, cut="2000-11-19")["time"] == 121


def test_without_an_assessment_after_the_origin_censoring_is_at_the_origin():
    for assessments in ([], [seen("2000-01-01")], [seen("1999-12-01")]):
        row = the("pfs", a_patient(assessments=assessments))
        assert (row["cnsr"], row["time"], row["aval"], row["status"]) == (3, 0, 1, 0)
        assert row["srcdom"] == "transplant"
    assert the("pfs", a_patient(assessments=[seen("2000-01-02")]))["cnsr"] == 1


def test_lost_to_follow_up_is_more_than_183_days_before_the_cut():
    # 30 November 2000 plus 183 days is 1 June 2001 (31 + 31 + 28 + 31 + 30 + 31 + 1).
    assert the("os", a_patient(), cut="2001-06-01")["cnsr"] == 1
    assert the("os", a_patient(), cut="2001-06-02")["cnsr"] == 2


def test_dead_without_a_date_is_censored_under_a_code_of_its_own():
    undated = [{"date": "2000-11-30", "vital_status": "DEAD"}]
    row = the("os", a_patient(followup=undated))
    assert (row["cnsr"], row["status"]) == (6, 0)
    assert row["time"] == 324  # the assessment; the contact reported a death


def test_dead_without_a_date_beside_one_with_a_date_died_at_the_ends_of_what_is_known():
    undated = [{"date": "2000-11-30", "vital_status": "DEAD"}]
    patients = [a_patient("P1", followup=undated), a_patient("P2", followup=dead("2000-12-05"))]
    tables = {n: make_table(n, [row for one in patients for row in one[n]]) for n in patients[0]}
    sections = {"endpoints": ENDPOINTS, "origins": ORIGINS, "survival": SURVIVAL, "cut": CUT}
    [block] = derive_in_blocks(tables, **sections)
    bounds = block["endpoints_bounds"].set_index("row_key")
    rows = bounds.loc[[f"P1/os/{end}" for end in ("imputed", "earliest", "latest")]]
    # Last seen alive on 20 November, day 324; the cut is day 366.
    assert rows["status"].tolist() == [0, 1, 1] and rows["time"].tolist() == [324, 324, 366]
    assert bounds.loc["P2/os/latest", "time"] == 339


def test_partial_death_is_the_fifteenth_but_not_before_the_last_day_alive():
    def died(last_contact):
        return a_patient(
            assessments=[seen("2000-05-01")],
            followup=[
                {"date": last_contact, "vital_status": "ALIVE"},
                {"vital_status": "DEAD", "death_date": "2000-12", "death_cause": "NRM_OTHER"},
            ],
        )

    row = the("os", died("2000-12-10"))
    assert (str(row["adt"].date()), row["adtf"]) == ("2000-12-15", "D")
    assert str(the("os", died("2000-12-20"))["adt"].date()) == "2000-12-20"
    assert str(the("os", died("2000-12-10"), cut="2000-12-12")["adt"].date()) == "2000-12-12"


def test_death_without_its_month_is_refused():
    with pytest.raises(GraftlineError, match="followup.csv, line 2.*month"):
        derive(a_patient(followup=[{"vital_status": "DEAD", "death_date": "2000"}]))


def test_two_dates_of_death_are_refused():
    with pytest.raises(GraftlineError, match="two different dates of death"):
        derive(a_patient(followup=dead("2000-12-10") + dead("2000-12-11")))


def test_partial_relapse_lies_after_the_last_assessment_free_of_disease():
    def relapsed(free, text):
        return a_patient(assessments=[seen(free), seen(text, "REL")])

    row = the("pfs", relapsed("2000-05-10", "2000-06"))
    assert (str(row["adt"].date()), row["adtf"]) == ("2000-06-15", "D")
    assert str(the("pfs", relapsed("2000-06-20", "2000-06"))["adt"].date()) == "2000-06-21"
    row = the("pfs", relapsed("2000-05-10", "2000"))
    assert (str(row["adt"].date()), row["adtf"]) == ("2000-06-30", "M")


def test_partial_relapse_lies_before_death():
    patient = a_patient(
        followup=dead("2000-12-05"), assessments=[seen("2000-05-01"), seen("2000-12", "REL")]
    )
    assert str(the("pfs", patient)["adt"].date()) == "2000-12-05"


def test_imputed_middle_is_30_june_in_leap_and_other_years():
    text = pd.Series(["2000", "2001", "2001-02", "2001-02-03"])
    periods = [pd.Period(item) for item in text]
    earliest = pd.Series([p.start_time.normalize() for p in periods])
    latest = pd.Series([p.end_time.normalize() for p in periods])
    flag = flag_precision(earliest, latest)
    assert flag.fillna("").tolist() == ["M", "M", "D", ""]
    middle = impute_middle(earliest, latest, flag)
    assert middle.dt.strftime("%F").tolist() == [
        "2000-06-30",
        "2001-06-30",
        "2001-02-15",
        "2001-02-03",
    ]


def test_bounds_outside_what_a_partial_date_allows_are_ignored():
    def day(text):
        return pd.Series([pd.Timestamp(text)])

    june = day("2000-06-15"), day("2000-06-01"), day("2000-06-30")
    assert apply_bounds(*june, not_before=day("2000-06-30"))[0] == pd.Timestamp("2000-06-30")
    assert apply_bounds(*june, not_before=day("2000-07-01"))[0] == pd.Timestamp("2000-06-15")
    assert apply_bounds(*june, not_after=day("2000-06-01"))[0] == pd.Timestamp("2000-06-01")
    assert apply_bounds(*june, not_after=day("2000-05-31"))[0] == pd.Timestamp("2000-06-15")


def test_relapse_free_survival_is_of_patients_in_remission():
    endpoint = {**ENDPOINTS["pfs"], "population": {"status_at_tx": ["CR1", "CR2"]}}
    sick = a_patient("P2", disease=[{"diagnosis": "CML", "status_at_tx": "AP"}])
    frame, _ = derive(a_patient("P1"), sick, endpoints={"rfs": endpoint})
    assert frame["subject_id"].tolist() == ["P1"]


def test_second_transplantation_and_new_therapy_are_events():
    endpoint = {
        **ENDPOINTS["pfs"],
        "events": ["relapse", "second_transplant", "new_therapy", "death"],
    }
    twice = [{"tx_no": 1, "tx_date": "2000-01-01"}, {"tx_no": 2, "tx_date": "2000-06-01"}]
    row = the("efs", a_patient(transplant=twice), endpoints={"efs": endpoint})
    assert (row["time"], row["evntdesc"], row["srcseq"]) == (152, "Second transplantation", 3)
    therapy = [{"date": "2000-05-31", "type": "CHEMO"}]
    row = the("efs", a_patient(transplant=twice, new_therapy=therapy), endpoints={"efs": endpoint})
    assert (row["time"], row["srcdom"]) == (151, "new_therapy")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": ["cure"]}, "event 'cure'"),
        ({"origin": "DX"}, "origin 'DX'"),
        ({"censorings": ["never"]}, "censoring .never."),
        ({"competing": ["relapse"], "events": ["death"]}, "go together"),
        ({"events": ["death", "death"]}, "twice"),
    ],
)
def test_declarations_that_name_unknown_things_are_refused(change, message):
    with pytest.raises(GraftlineError, match=message):
        derive(a_patient(), endpoints={"os": {**ENDPOINTS["os"], **change}})


def test_two_groups_of_patients_give_the_same_rows_apart_and_together():
    first = a_patient("P1", followup=dead("2000-12-10"))
    second = a_patient("P2", assessments=[seen("2000-06", "REL")])
    tables = {n: make_table(n, first[n] + second[n]) for n in first}

    def run(names):
        part = {n: f[f["subject_id"].isin(names)] for n, f in tables.items()}
        return derive_endpoints(
            part, endpoints=ENDPOINTS, origins=ORIGINS, survival=SURVIVAL, cut=CUT
        )

    for whole, one, two in zip(run(["P1", "P2"]), run(["P1"]), run(["P2"]), strict=True):
        apart = pd.concat([one, two])
        order = list(whole.columns)
        pd.testing.assert_frame_equal(
            whole.sort_values(order).reset_index(drop=True),
            apart.sort_values(order).reset_index(drop=True),
        )


@pytest.mark.parametrize("most_patients", [1, 2, 3])
def test_blocks_of_patients_one_after_the_other_are_the_whole(most_patients):
    """Also the bounds: whether a date is partial is asked of the whole study, not of a block."""
    patients = [
        a_patient("P1", followup=dead("2000-12-10")),
        a_patient("P2", assessments=[seen("2000-06", "REL")]),
        a_patient("P3", exposure=[]),
    ]
    tables = {n: make_table(n, [row for one in patients for row in one[n]]) for n in patients[0]}
    sections = {"endpoints": ENDPOINTS, "origins": ORIGINS, "survival": SURVIVAL, "cut": CUT}
    [whole] = derive_in_blocks(tables, **sections)
    blocks = list(derive_in_blocks(tables, most_patients=most_patients, **sections))
    assert len(blocks) == -(-3 // most_patients)
    for name, table in whole.items():
        joined = pd.concat([block[name] for block in blocks], ignore_index=True)
        order = list(table.columns)
        pd.testing.assert_frame_equal(
            joined.sort_values(order, ignore_index=True),
            table.sort_values(order, ignore_index=True),
            check_dtype=False,
        )
    assert len(whole["endpoints_bounds"]) == 3 * len(whole["endpoints"])


def test_nothing_is_derived_again_where_no_date_is_partial():
    tables = {n: make_table(n, rows) for n, rows in a_patient().items()}
    sections = {"endpoints": ENDPOINTS, "origins": ORIGINS, "survival": SURVIVAL, "cut": CUT}
    [made] = derive_in_blocks(tables, **sections)
    assert made["endpoints_bounds"].empty
    assert set(made["endpoints_bounds"].columns) == {*made["endpoints"].columns, "dates"}


def test_every_row_has_one_deciding_cell_and_says_what_else_it_stands_on():
    patient = a_patient(assessments=[seen("2000-05-10"), seen("2000-06-01", "REL")])
    frame, lineage = derive(patient)
    decided = lineage[lineage["role"] == "decided"]
    assert sorted(decided["row_key"]) == sorted(frame["row_key"])
    pfs = lineage[lineage["row_key"] == "P1/pfs"]
    cells = set(zip(pfs["role"], pfs["src_file"], pfs["src_line"], pfs["src_column"], strict=True))
    assert ("decided", "data/assessments.csv", 3, "date") in cells
    assert ("contributed", "data/assessments.csv", 3, "response") in cells
    assert ("contributed", "data/transplant.csv", 2, "tx_date") in cells
    survival = lineage[lineage["row_key"] == "P1/os"]
    cells = set(zip(survival["role"], survival["src_file"], survival["src_column"], strict=True))
    assert ("decided", "data/followup.csv", "date") in cells
    assert ("contributed", "data/exposure.csv", "end_date") in cells
    assert ("contributed", "data/assessments.csv", "date") in cells


OUTCOME = {"paramcd": "CIR", "label": "x", "origin": "TX", "source": "outcomes"}
OUTCOME_ENDPOINTS = {
    "cir": {**OUTCOME, **AJ, "events": ["relapse"], "competing": ["death"]},
    "rfs": {**OUTCOME, **KM, "paramcd": "RFS", "events": ["relapse", "death"]},
}


def derive_outcomes(rows, endpoints=None, unit="month"):
    columns = ["subject_id", "origin", "time", "time_unit", "status"]
    frame = pd.DataFrame(rows, columns=columns)
    text = [column for column in columns if column != "time"]
    frame = frame.astype(dict.fromkeys(text, "string[pyarrow]") | {"time": float})
    frame["src_file"], frame["src_line"] = "data/o.csv", range(2, len(frame) + 2)
    subjects = make_table(
        "subjects", [{"subject_id": s} for s in dict.fromkeys(frame["subject_id"])]
    )
    return derive_endpoints(
        {"subjects": subjects, "outcomes": frame},
        endpoints=endpoints or OUTCOME_ENDPOINTS,
        origins=ORIGINS,
        survival={"time_unit": unit},
        cut=CUT,
    )


def test_outcomes_keep_their_unit_and_map_statuses():
    frame, lineage = derive_outcomes(
        [
            ("A", "TX", 7, "month", "CENSORED"),
            ("B", "TX", 0, "month", "RELAPSE"),
            ("C", "TX", 2.5, "month", "NRM"),
            ("D", "TX", 3, "month", "DEATH"),
        ]
    )
    cir = frame[frame["endpoint"] == "cir"].set_index("subject_id")
    assert cir["status"].tolist() == [0, 1, 2, 2]
    assert cir["cnsr"].tolist() == [1, 0, 5, 5]
    assert cir["time"].tolist() == [7, 0, 2.5, 3]
    assert set(cir["time_unit"]) == {"month"}
    assert frame[frame["endpoint"] == "rfs"]["status"].tolist() == [0, 1, 1, 1]
    decided = lineage[(lineage["row_key"] == "B/cir") & (lineage["role"] == "decided")]
    assert set(decided["src_column"]) == {"time", "status"} and set(decided["src_line"]) == {3}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A", "TX", 7, "day", "CENSORED")], "line 2, column time_unit"),
        ([("A", "TX", -1, "month", "CENSORED")], "line 2, column time"),
        ([("A", "TX", None, "month", "CENSORED")], "line 2, column time"),
        (
            [("A", "TX", 1, "month", "NRM"), ("A", "TX", 2, "month", "NRM")],
            "line 3, .*two outcomes",
        ),
        ([("A", "IT", 1, "month", "NRM")], "1 patients have no outcome"),
    ],
)
def test_outcomes_that_cannot_be_used_are_refused(rows, message):
    with pytest.raises(GraftlineError, match=message):
        derive_outcomes(rows)


def test_survival_cannot_be_had_from_an_outcome_of_relapse():
    endpoints = {"os": {**OUTCOME, **KM, "paramcd": "OS", "events": ["death"]}}
    with pytest.raises(GraftlineError, match="line 2, column status"):
        derive_outcomes([("A", "TX", 1, "month", "RELAPSE")], endpoints)

"""The checks of the raw tables, by theme; importing this package registers them all.

How checks were understood where their text leaves a choice:

- A check compares partial dates only where it is certain: it reports an order of two dates only if
  no pair of days that they allow is in the right order.
- One finding a patient where a date of the patient is wrong (E10, E11, E12, E50, E51), one a row
  elsewhere. A patient or row of which a needed cell could not be read is left to that finding.
- E01 also reports an order of enrolment that two patients share.
- E02 (warning) covers patients without any exposure, so that E17 speaks only of patients with
  exposure: an error where no drug of the arm's regimen is among it, a warning where one is missing.
- E06: a vital sign, adverse event (by its start) or laboratory value up to 7 days after the cut is
  left out with a warning. An adverse event that started before the cut and ended up to 7 days after
  it is kept, with a warning: leaving it out would hide it.
- E15: more doses than planned are allowed with a text in action_reason.
- E18 looks at the dose given (planned where none is given), without cycles whose action is REDUCE.
- E23 names the kind of unit slip; a unit that the study does not list for the drug is an error.
- E26 needs uln for the items that the scale grades as multiples of it.
- E31 (warning): the tables have no flag for medical history, so each event before the first dose is
  listed.
- E38: `infection` Y is held against the item only where the site reported one.
- E41: remission at transplantation (status_at_tx CR1, CR2, CR3P) counts as an earlier CR; progression
  directly after a relapse is an error, anything else may progress.
- E43: the response codes have none for accelerated phase or blast crisis, so that the check is
  on what they can show: CP is for CML alone, and CML in final status PD needs a PD or REL.
- E44 is made when the study states `assessment_interval_days`.
- E45 leaves doses to E14 and relapses to E42. E50 leaves them, and the dead, likewise.
- E42: that relapse is not after the cut is E06.
- E53 lists partial dates and marks those of deaths and relapses.
- E60: the manifest states the sha256 of each file, which covers the number of its rows.

What is wrong with a file itself has rules of its own, R01 to R09 (`graftline.raw.read_csv`), what is
wrong with corrections C01 and C02 (`graftline.raw.corrections`), and a derived table that does not
fit its schema S01 (`graftline.validation.derived.schemas`). What a cut says otherwise than the one
before it is K01 to K04 (`graftline.compare_cuts.findings`).

Not made, because the tables have no column for them:

- E22: no total dose is recorded (exposure has the dose a day and the number of doses), so that there
  is nothing to compare a recomputed total with.
- E57: the published aggregates are claims and not checks.
"""

from graftline.validation.checks import (  # noqa: F401
    adverse_events,
    course,
    dates,
    dosing,
    followup,
    laboratory,
    patients,
    privacy,
    protocol,
    vitals,
)

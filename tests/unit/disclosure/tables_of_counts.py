"""Tables of patients by arm and grade, declared and masked as a study's are, for tests."""

import pandas as pd

from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.numbers import Declaration, evaluate, select_rows


def make_patients(counts):
    """`counts[arm][grade]` patients, one row each."""
    rows = [
        {"arm": arm, "grade": grade}
        for arm, by_grade in counts.items()
        for grade, n in by_grade.items()
        for _ in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["arm", "grade"])
    frame["subject_id"] = [f"S-{place:04d}" for place in range(len(frame))]
    return frame.assign(row_key=frame["subject_id"])


def declare(id, statistic="count", whole=None, **conditions):
    """A number of the patients who meet `conditions`, of those who meet `whole`."""
    return Declaration(
        id=id,
        population="patients",
        method="Number of patients.",
        table="patients",
        selected=select_rows("patients", **(whole or {}), **conditions),
        considered=select_rows("patients", **(whole or {})),
        statistic=statistic,
        display="integer" if statistic == "count" else "percent",
    )


def declare_table(arms, grades, at_least=None):
    """Every count of a table with both its margins, and grades from `at_least` up."""
    numbers = [declare("n")]
    for arm in arms:
        numbers.append(declare(f"n.{arm}", arm=arm))
    for grade in grades:
        numbers.append(declare(f"grade{grade}", grade=grade))
        numbers += [declare(f"grade{grade}.{arm}", whole={"arm": arm}, grade=grade) for arm in arms]
    if at_least is not None:
        numbers.append(declare("at_least", grade=(">=", at_least)))
        numbers += [
            declare(f"at_least.{arm}", whole={"arm": arm}, grade=(">=", at_least)) for arm in arms
        ]
    return numbers


def print_masked(counts, numbers, threshold=5, **asked):
    """Number id -> what is printed of it."""
    records = evaluate(numbers, {"patients": make_patients(counts)}, masking=True)
    released = mask_records(records, Policy(False, threshold), **asked)
    return {record["id"]: record["display"] for record in released}

"""Why an observation has no grade, or why its grade is only the least that it can be: codes."""

from __future__ import annotations

VALUE_MISSING = "value_missing"
VALUE_NOT_A_NUMBER = "value_not_a_number"
UNIT_MISSING = "unit_missing"
UNIT_NOT_CONVERTIBLE = "unit_not_convertible"
RANGE_WRONG = "range_wrong"
LLN_MISSING = "lln_missing"
ULN_MISSING = "uln_missing"
BASELINE_MISSING = "baseline_missing"
BASELINE_RANGE_MISSING = "baseline_range_missing"
BELOW_ASSAY_LIMIT = "below_assay_limit"
ABOVE_ASSAY_LIMIT = "above_assay_limit"
FINDING_MISSING = "finding_missing"
FINDING_NOT_OF_ITEM = "finding_not_of_item"
THERAPY_MISSING = "therapy_missing"
NO_TEMPERATURE = "no_temperature"
NO_WEIGHT = "no_weight"
NOT_IN_SCALE = "not_in_scale"
TERM_MISSING = "term_missing"
FROM_LABORATORY = "from_laboratory"

# The first of several reasons of a row is the one that it is given.
OF_LABORATORY = (
    VALUE_MISSING,
    VALUE_NOT_A_NUMBER,
    UNIT_MISSING,
    UNIT_NOT_CONVERTIBLE,
    RANGE_WRONG,
    LLN_MISSING,
    ULN_MISSING,
    BASELINE_MISSING,
    BASELINE_RANGE_MISSING,
    BELOW_ASSAY_LIMIT,
    ABOVE_ASSAY_LIMIT,
)

SENTENCES = {
    VALUE_MISSING: "There is no value.",
    VALUE_NOT_A_NUMBER: "The value is not a number.",
    UNIT_MISSING: "The value has no unit, and the limits are printed in units.",
    UNIT_NOT_CONVERTIBLE: "The unit is not one in which the analyte is measured.",
    RANGE_WRONG: "A limit of the normal range is nought or less, or the lower is above the upper.",
    LLN_MISSING: "The lower limit of normal is missing.",
    ULN_MISSING: "The upper limit of normal is missing.",
    BASELINE_MISSING: "The baseline is missing.",
    BASELINE_RANGE_MISSING: "The normal range of the baseline is missing.",
    BELOW_ASSAY_LIMIT: "The value is below the assay's limit, where more than one grade is possible.",
    ABOVE_ASSAY_LIMIT: "The value is above the assay's limit, where more than one grade is possible.",
    FINDING_MISSING: "The record has no finding.",
    FINDING_NOT_OF_ITEM: "The finding is not one of the item's words.",
    THERAPY_MISSING: "The grade depends on whether therapy was given, and that is missing.",
    NO_TEMPERATURE: "No temperature was recorded in the episode.",
    NO_WEIGHT: "There is no weight, or none before treatment.",
    NOT_IN_SCALE: "The scale has no such item.",
    TERM_MISSING: "The preferred term is missing.",
    FROM_LABORATORY: "The item is graded from laboratory values.",
}

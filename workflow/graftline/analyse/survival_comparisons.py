"""Comparisons of groups: tests and hazard ratios, declared where the study compares groups."""

from __future__ import annotations

from typing import Any

from graftline.analyse.survival_rules import choose_model, choose_test, rule_of
from graftline.analyse.survival_series import Series
from graftline.numbers import Declaration, select_rows

METHODS = {
    "log_rank": "Log-rank test with the hypergeometric variance{entry}; {what}.",
    "exact_log_rank": "Log-rank test over all allocations of the patients to groups; {what}.",
    "gray": "Gray's test of the cumulative incidences; {what}.",
    "cox": "{cause} of a Cox model with Efron's treatment of ties{entry}; {what}.",
    "firth": "{cause} of a Cox model with Firth's penalty and Breslow's treatment of ties; {what}.",
}
LIMITS = {"cox": "95% limit by Wald's method", "firth": "95% limit by the profile likelihood"}
P_VALUES = {"cox": "two-sided P by Wald's test", "firth": "P by the penalised likelihood ratio"}


class Compared:
    """One endpoint whose groups are compared: which `test` and `model`, by the rules of use."""

    def __init__(
        self, series: Series, rows, levels: list[dict[str, Any]], survival: dict[str, Any]
    ):
        self.series, self.levels, self.survival = series, levels, survival
        self.group = levels[0]["column"]
        known = rows[rows[self.group].notna()]
        self.test = "gray" if series.is_incidence else choose_test(survival, known, self.group)
        self.model = choose_model(survival, known, self.group)
        self.entry = " with delayed entry" if known["entry"].any() else ""

    def test_id(self, what: str) -> str:
        """`os.log_rank.p`, `cir.gray.p`."""
        return f"{self.series.key}.{self.test}.{what}"

    def ratio_id(self, level: dict[str, Any]) -> str:
        """`os.hazard_ratio.aml`, of the level against the first."""
        return f"{self.series.key}.hazard_ratio.{level['slug']}"

    def _number(self, id: str, method: str, statistic: str, rule: str, asked: dict, **shown):
        rows = {"endpoint": self.series.key, "in_risk_set": True, self.group: ("!=", None)}
        names = " and ".join(level["label"] for level in self.levels)
        return Declaration(
            id=id,
            population=f"patients at risk of the endpoint, {names}",
            method=method,
            table="endpoints",
            selected=select_rows("endpoints", **rows),
            considered=select_rows("endpoints", endpoint=self.series.key),
            statistic=statistic,
            arguments={"group": self.group, **asked, "rule": rule_of(self.survival, rule)},
            **shown,
        )

    def declare(self) -> list[Declaration]:
        """The test, and the hazard ratio of each group against the first."""
        cause = {"cause": 1}
        method = METHODS[self.test]
        shown = {"display": "decimal", "decimals": 2}
        numbers = []
        if self.test != "exact_log_rank":
            words = method.format(entry=self.entry, what="chi-squared")
            asked = {**cause, "what": "statistic"}
            id = self.test_id("statistic")
            numbers.append(self._number(id, words, self.test, self.test, asked, **shown))
        words = method.format(entry=self.entry, what="two-sided P")
        asked = {**cause, "what": "p"}
        numbers.append(
            self._number(
                self.test_id("p"), words, self.test, self.test, asked, display="p_value", unit="P"
            )
        )
        for level in self.levels[1:]:
            numbers += self._declare_ratio(level)
        return numbers

    def _declare_ratio(self, level: dict[str, Any]) -> list[Declaration]:
        kind = "Cause-specific hazard ratio" if self.series.is_incidence else "Hazard ratio"
        stem, numbers = self.ratio_id(level), []
        for ending, what, words in (
            ("", "ratio", f"{level['label']} against {self.levels[0]['label']}"),
            (".lower", "lower", LIMITS[self.model]),
            (".upper", "upper", LIMITS[self.model]),
            (".p", "p", P_VALUES[self.model]),
        ):
            method = METHODS[self.model].format(cause=kind, entry=self.entry, what=words)
            asked = {"cause": 1, "method": self.model, "level": level["value"], "what": what}
            shown = {"display": "decimal", "decimals": 2}
            if what == "p":
                shown = {"display": "p_value", "unit": "P"}
            numbers.append(
                self._number(stem + ending, method, "hazard_ratio", self.model, asked, **shown)
            )
        return numbers


def list_comparisons(
    series: list[Series], endpoints, levels: list[dict[str, Any]], survival: dict[str, Any]
) -> list[Compared]:
    """The endpoints to compare: none unless the study compares groups and has two or more."""
    if not survival.get("compare_groups") or len(levels) < 2:
        return []
    return [
        Compared(one, one.rows(endpoints), levels, survival) for one in series if not one.suffix
    ]

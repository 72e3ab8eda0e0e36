"""Which items the figure of toxicity draws."""

from types import SimpleNamespace

from graftline.analyse.toxicity.bars import MOST_ITEMS, collect_bars, describe_figure
from graftline.slugs import slug

GRADES = (0, 1, 2, 3, 4, 5)


def study(counts):
    """A plan and its numbers: `counts` maps an item to the patients with grade I, all in one group."""
    items = [SimpleNamespace(code=code, label=f"Item {code}") for code in counts]
    scale = SimpleNamespace(grades=GRADES, label="CTCAE")
    plan = SimpleNamespace(arms={}, items=items, scale=scale)
    values = {"toxicity.n": 300}
    for code, n in counts.items():
        for grade in GRADES[1:]:
            values[f"toxicity.item.{slug(code)}.grade{grade}.n"] = n if grade == 1 else 0
    return collect_bars(values, plan), plan


def test_items_without_a_grade_are_left_out_and_the_others_keep_their_order():
    bars, _ = study({"c": 1, "a": 0, "b": 5})
    assert bars["items"] == ["Item c", "Item b"]
    assert not bars["left_out"]
    assert bars["grades"][-1] == (4, "IV")  # nobody has the fifth


def test_of_two_hundred_items_the_thirty_most_frequent_are_drawn_in_the_order_of_the_scale():
    # Item k was had by k patients, but the last two by as many as the 170th: ties go to the first.
    counts = {f"i{k:03}": k for k in range(1, 199)} | {"i199": 169, "i200": 169}
    bars, plan = study(counts)
    assert len(bars["items"]) == MOST_ITEMS == 30
    assert bars["items"] == [f"Item i{k}" for k in range(169, 199)]
    assert [row[0] for row in bars["panels"][0]["counts"]] == list(range(169, 199))
    assert "thirty are shown" in describe_figure(bars, plan, "toxicity.svg")["caption"]

"""The explorer in a browser: from the manuscript to a number, its rows, and their raw lines."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.workflow, pytest.mark.machine]

NUMBER = "toxicity.grade4.high_dose.n"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("requestfailed", lambda request: page.wrong.append(request.url))
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    yield page
    assert page.wrong == []
    page.close()


def test_a_number_of_the_manuscript_leads_to_its_record_its_rows_and_their_raw_lines(built, page):
    results = built.results("il2-ifn", "1997-12-31")
    page.goto((results / "aggregate" / "manuscript.html").as_uri())
    page.click(f'a[data-number-id="{NUMBER}"] >> nth=0')
    page.click(f'dt a[href$="#{NUMBER}"]')
    assert page.inner_text("h2") == NUMBER
    assert "2 rows of toxicity_worst" in page.inner_text("summary")
    page.click("details table a >> nth=0")
    assert page.inner_text("h2").startswith("Row P")
    page.click('a[href^="#line/"] >> nth=0')
    assert "line" in page.inner_text("h2")
    file, _, line = page.inner_text("h2").partition(", line ")
    lines = (built.path / file).read_text(encoding="utf-8").split("\n")
    assert page.inner_text("mark") == lines[int(line) - 1]


def test_numbers_are_found_by_typing_and_by_the_keyboard_alone(built, page):
    results = built.results("il2-ifn", "1997-12-31")
    page.goto((results / "patient_level" / "explorer.html").as_uri())
    page.fill("#search", "grade4 high_dose")
    page.wait_for_function("!document.querySelector('[role=status]').textContent.startsWith('1,')")
    assert NUMBER in page.inner_text("main table")
    page.focus("#search")
    page.keyboard.press("Tab")  # the box of the table, which can be scrolled
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("summary")
    assert "high_dose" in page.inner_text("h2")


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("view", ["", "#patients", "#patient/P01", "#rules", "#lists"])
def test_no_view_scrolls_sideways(built, page, width, view):
    results = built.results("il2-ifn", "1997-12-31")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((results / "patient_level" / "explorer.html").as_uri() + view)
    page.wait_for_selector("h2")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

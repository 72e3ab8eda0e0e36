"""No digit stands in the paper's own prose unless the registry put it there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from graftline.errors import GraftlineError

UNSEEN = {"style", "script", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
MARKS = {"data-number-id", "data-exempt"}


class _TypedText(HTMLParser):
    """Collects the text that stands outside number marks and exempt parts."""

    def __init__(self):
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.typed: list[tuple[int, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self._open.append((tag, tag in UNSEEN or any(name in MARKS for name, _ in attrs)))

    def handle_endtag(self, tag):
        # <br /> arrives here too, and an end tag without a beginning closes nothing.
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not any(marked for _, marked in self._open):
            self.typed.append((self.getpos()[0], data))


def find_typed_digits(html: str, tokens: list[str]) -> list[tuple[int, str]]:
    """(line, text) of each piece of text that holds a digit outside of marks and tokens.

    A mark is an element with `data-number-id` (a number of the registry) or `data-exempt` (a part
    that is not the paper's own prose). `tokens` are regular expressions of names such as IL-2.
    """
    parser = _TypedText()
    parser.feed(html)
    parser.close()  # hands over text behind the last tag
    known = re.compile("|".join(f"(?:{token})" for token in tokens)) if tokens else None
    found = []
    for line, text in parser.typed:
        rest = known.sub("", text) if known else text
        if re.search(r"\d", rest):
            found.append((line, " ".join(text.split())))
    return found


def assert_no_typed_digits(html: str, tokens: list[str]) -> None:
    """Raise GraftlineError for the first digits that `find_typed_digits` finds."""
    found = find_typed_digits(html, tokens)
    if found:
        line, text = found[0]
        raise GraftlineError(
            f"the manuscript's text holds digits that are not from the registry, at line {line} of its "
            f'HTML: {text[:80]!r}; use {{{{ n("id") }}}}, or add the name to report/tokens.yaml'
        )

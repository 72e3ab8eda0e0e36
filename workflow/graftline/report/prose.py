"""The study's own prose: Markdown in which numbers of the registry stand by their ids."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup

from graftline.errors import GraftlineError
from graftline.report.numbers_in_text import NumbersInText

# {id} and {n:id} print a number, {words:id} prints it in words, {Words:id} so at the start of a sentence.
# What else stands in braces is text, unless it begins as these do.
_PLACE = re.compile(r"\{(?:(n|words|Words):)?([a-z0-9_]+(?:\.[a-z0-9_]+)+)\}")
_MEANT = re.compile(r"\{(?:n|[Ww]ords):[^}\n]*\}?")
# A character of nobody's alphabet marks a number's place while Markdown is rendered.
_MARK = "\ue000"


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Places:
    """The numbers that stand in a text, taken out of it and put back."""

    def __init__(self, text: str, numbers: NumbersInText, file: str):
        self._set: list[Markup] = []
        self._numbers, self._file, self._text = numbers, file, text
        text = text.replace(_MARK, "")
        self.marked = _PLACE.sub(self._take, text)
        wrong = _MEANT.search(self.marked)
        if wrong:
            raise GraftlineError(
                f"{file}, line {_line(self.marked, wrong.start())}: {wrong[0]} is not a number's place; "
                "write {n:id} with an id of aggregate/numbers.json"
            )

    def _take(self, found: re.Match) -> str:
        form, number = found.groups()
        try:
            if form in ("words", "Words"):
                shown = self._numbers.words(number, start=form == "Words")
            else:
                shown = self._numbers.n(number)
        except GraftlineError as error:
            line = _line(self._text, found.start())
            raise GraftlineError(f"{self._file}, line {line}: {error}") from None
        self._set.append(shown)
        return f"{_MARK}{len(self._set) - 1}{_MARK}"

    def put_back(self, html: str) -> Markup:
        return Markup(
            re.sub(f"{_MARK}(\\d+){_MARK}", lambda found: str(self._set[int(found[1])]), html)
        )


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def render_prose(text: str, numbers: NumbersInText, file: str) -> Markup:
    """Markdown (CommonMark) as HTML, with the numbers that stand in it as {id}, {n:id} or {words:id}.

    HTML inside it is shown as text. Raises GraftlineError, with `file` and the line, for an unknown
    number.
    """
    places = _Places(text, numbers, file)
    return places.put_back(_markdown().render(places.marked))


def render_sentence(text: str, numbers: NumbersInText, file: str) -> Markup:
    """As `render_prose`, for a text that stands within a paragraph."""
    places = _Places(text, numbers, file)
    return places.put_back(_markdown().renderInline(" ".join(places.marked.split())))


def own_texts(protocol: Mapping) -> dict[str, str]:
    """The sentences of study.yaml that may hold numbers and citations, by where they stand."""
    texts = {}
    for section in ("design", "report"):
        for key, value in (protocol.get(section) or {}).items():
            if isinstance(value, str):
                texts[f"study.yaml, {section}.{key}"] = value
    for key, value in (protocol.get("report") or {}).get("statements", {}).items():
        texts[f"study.yaml, report.statements.{key}"] = value
    for key, endpoint in (protocol.get("endpoints") or {}).items():
        texts[f"study.yaml, endpoints.{key}.sentence"] = endpoint["sentence"]
    return texts

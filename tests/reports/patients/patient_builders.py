"""Made models and what a reader finds on a page, for the tests of the pages for patients."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hereditary_builders import lists_pack, person
from report_builders import (
    RUN,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary.reports import model
from apothecary.reports.patients import catalogues, pages, terms

FACTS = Path(__file__).resolve().parents[3] / "resources" / "patients"
TERMS = terms.load(sorted(FACTS.glob("*.tsv")))
LANGUAGES = catalogues.languages()
WORDS = {language: catalogues.load(language) for language in LANGUAGES}
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "caption"})


class Page(HTMLParser):
    """What a page holds: elements with attributes, texts by block, raw style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, str]] = []
        self.style = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag in _BLOCKS:
            self.blocks.append((tag, ""))

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" in self._open:
            self.style += data
        elif self.blocks and set(self._open) & _BLOCKS:
            tag, text = self.blocks[-1]
            self.blocks[-1] = (tag, f"{text}{data}")

    @property
    def text(self) -> str:
        return "\n".join(" ".join(text.split()) for _, text in self.blocks)

    def paragraphs(self) -> list[str]:
        """Blocks of sentences: what ends as a sentence does."""
        found = (" ".join(text.split()) for tag, text in self.blocks if tag in ("p", "li", "dd"))
        return [text for text in found if text.endswith((".", "?", ":"))]


def germline(rows: Any = None, **run: Any) -> dict[str, Any]:
    return model.build_model(sample(), rows or germline_tables(), pack(), {**RUN, **run})


def tumor(rows: Any = None) -> dict[str, Any]:
    return model.build_model(tumor_sample(), rows or tumor_tables(), pack(), RUN)


def failed(**steps: Any) -> dict[str, Any]:
    rows = failed_tables("BAD")
    for row in rows["outcomes"]:
        row.update(steps)
    return model.build_model(sample("BAD"), rows, pack(), RUN)


def not_agreed() -> dict[str, Any]:
    rows = germline_tables()
    for row in rows["consent"]:
        row["decision"] = "unknown"
    kept = {name: rows[name] for name in ("outcomes", "consent")}
    return model.build_model(sample(), kept, pack(), RUN)


def hereditary(*rows: Any, **decisions: str) -> dict[str, Any]:
    """A person who agreed to hereditary findings; all kinds of them where none are given."""
    one, tables = person(*rows, **decisions)
    if decisions.get("pharmacogenes") == "no":
        tables = {name: tables[name] for name in ("outcomes", "consent", "germline_findings")}
    return model.build_model(one, tables, lists_pack(), RUN)


def inherited_only() -> dict[str, Any]:
    return hereditary(pharmacogenes="no")


MODELS = {
    "medicines": germline,
    "hereditary": hereditary,
    "inherited_only": inherited_only,
    "tumor": tumor,
    "failed": failed,
    "not_agreed": not_agreed,
}


def page(made: dict[str, Any], language: str = "en") -> Page:
    return Page(pages.render(made, WORDS[language], TERMS))

"""How hard the pages for patients are to read, by language; of a run that made them.

    python benchmarks/patient_readability.py [RESULTS]

RESULTS is the results folder of a run with the view `patients`; the demo's by default. Prints the
measure of all paragraphs together for the hardest page of each language, and the hardest
paragraph of six words or more.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path

from apothecary.reports.patients import readability

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = frozenset({"p", "li", "dd"})
LEAST_WORDS = 6
# Measures that are higher for texts that are easier.
EASE = frozenset({"fernandez_huerta"})


class Paragraphs(HTMLParser):
    """The texts of a page that end as a sentence does."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._texts: list[str] = []
        self._inside = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins."""
        if tag in BLOCKS:
            self._texts.append("")
            self._inside += 1

    def handle_endtag(self, tag: str) -> None:
        """A block ends."""
        self._inside -= tag in BLOCKS

    def handle_data(self, data: str) -> None:
        """Text within a block."""
        if self._inside:
            self._texts[-1] += data

    @property
    def found(self) -> list[str]:
        """The paragraphs, in the order of the page."""
        texts = (" ".join(text.split()) for text in self._texts)
        return [text for text in texts if text.endswith((".", "?", ":"))]


def main() -> int:
    """Print the figures."""
    results = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo-run"
    pages = sorted(results.glob("patients/*/*.html"))
    if not pages:
        print(f"{results}: no pages for patients; run `make demo` first", file=sys.stderr)
        return 2
    measures = readability.load(ROOT / "resources" / "patients" / "readability.tsv")
    for language, measure in sorted(measures.items()):
        hardest = min if measure.name in EASE else max
        found = [
            Paragraphs(page.read_text(encoding="utf-8")).found
            for page in pages
            if page.name.endswith(f".{language}.html")
        ]
        if not found:
            continue
        whole = hardest(measure.of("\n".join(texts)) for texts in found)
        parts = {text for texts in found for text in texts}
        part = hardest(measure.of(t) for t in parts if len(readability.words(t)) >= LEAST_WORDS)
        print(
            f"{language}: {measure.name}, {len(found)} pages; hardest page {whole:.1f}, "
            f"hardest paragraph {part:.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The pages for the patients of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.files import write_text
from apothecary.reports.patients import catalogues, pages
from apothecary.reports.patients.terms import Terms


def write_pages(
    folder: Path | str, models: Iterable[Mapping[str, Any]], languages: Sequence[str], terms: Terms
) -> None:
    """Write `<sample_id>.<language>.html` for each sample; the same models give the same bytes.

    Args:
        folder: The folder to write to, made when absent.
        models: The report models of a batch.
        languages: Languages that have a catalogue.
        terms: The plain words for terms of genetics.
    """
    words = {language: catalogues.load(language) for language in languages}
    for model in models:
        sample_id = model["identity"]["sample_id"]
        for language, catalogue in words.items():
            page = pages.render(model, catalogue, terms)
            write_text(Path(folder) / f"{sample_id}.{language}.html", page)

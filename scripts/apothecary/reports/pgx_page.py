"""The one page of `apothecary pgx`: one sample in full, or an overview of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.files import write_text
from apothecary.reports.html import by_drug, page, render_sample
from apothecary.reports.run_page import gene_matrix, medicine_table
from apothecary.reports.summary import summary
from apothecary.reports.words import load
from apothecary.version import VERSION

# A page must open in a moment, however many samples the file holds.
DETAILED_SAMPLES = 25
NAMED_SAMPLES = 200
Model = Mapping[str, Any]


def write_pgx(path: Path | str, models: Iterable[Model]) -> None:
    """Write the page of `apothecary pgx`; see `render_pgx`."""
    write_text(path, render_pgx(models))


def render_pgx(models: Iterable[Model]) -> str:
    """One page of the pharmacogenes of all samples of a file.

    One sample has its report in full. Of many there is an overview of all (samples and genes,
    medicines, samples that failed) and the details of the first `DETAILED_SAMPLES`; the page says
    how many those are.

    Args:
        models: Report models, consumed one at a time.

    Returns:
        The page.
    """
    detailed: list[Model] = []
    summaries = []
    for model in models:
        if len(detailed) < DETAILED_SAMPLES:
            detailed.append(model)
        summaries.append(summary(model))
    if len(summaries) == 1:
        return render_sample(detailed[0])
    overview = build_overview(summaries, detailed)
    words = overview["words"]
    title = words["title.pgx"]
    anchors = {model["identity"]["sample_id"]: f"s{n}" for n, model in enumerate(detailed)}
    addresses = {
        entry["sample_id"]: f"#{anchors[entry['sample_id']]}"
        if entry["sample_id"] in anchors
        else None
        for entry in summaries
    }
    values = {
        "model": overview,
        "anchors": anchors,
        "addresses": addresses,
        "details": [(model, by_drug(model)) for model in detailed],
    }
    foot = f"{title} · {overview['software']}"
    return page("pgx.html", title, words, values, script="table.js", foot=foot)


def build_overview(summaries: list[dict[str, Any]], detailed: list[Model]) -> dict[str, Any]:
    """The model of the overview of many samples.

    Args:
        summaries: Summaries of all samples.
        detailed: Models of the samples that the page gives in full.

    Returns:
        JSON-able facts and words.
    """
    words = load()
    reported = [entry for entry in summaries if entry["status"] != "failed"]
    medicines = medicine_table(reported, words, NAMED_SAMPLES)
    return {
        "software": f"Apothecary {VERSION}",
        "knowledge_digest": detailed[0]["identity"]["knowledge_digest"] if detailed else None,
        "expected": len(summaries),
        "found": len(reported),
        "failed_count": len(summaries) - len(reported),
        "failed": [entry for entry in summaries if entry["status"] == "failed"],
        "genes": gene_matrix(reported),
        "medicines": medicines,
        "detailed": [model["identity"]["sample_id"] for model in detailed],
        "note": words("ui.capped", shown=len(detailed), total=len(summaries)),
        "limitations": detailed[0]["limitations"] if detailed else [],
        "steps": detailed[0]["not_assessed"]["steps"] if detailed else [],
        "words": dict(sorted(words.texts.items())),
    }

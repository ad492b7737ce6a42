"""The one page of `apothecary pgx`: one sample in full, or an overview of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.reports.html import by_drug, page, render_sample
from apothecary.reports.run_page import gene_matrix, medicine_table
from apothecary.reports.summary import summary
from apothecary.reports.words import load
from apothecary.version import VERSION

# A page must open in a moment, however many samples the file holds.
DETAILED_SAMPLES = 25
NAMED_SAMPLES = 200
Model = Mapping[str, Any]


def render_pgx(models: Iterable[Model]) -> str:
    """One page of the pharmacogenes of all samples of a file, out of all their models.

    Args:
        models: Report models, consumed one at a time.

    Returns:
        As `render_file`.
    """
    detailed: list[Model] = []
    summaries = []
    for model in models:
        if len(detailed) < DETAILED_SAMPLES:
            detailed.append(model)
        summaries.append(summary(model))
    return render_file(summaries, detailed)


def render_file(summaries: Sequence[dict[str, Any]], detailed: Sequence[Model]) -> str:
    """One page of the pharmacogenes of all samples of a file.

    One sample has its report in full. Of many there is an overview of all (samples and genes,
    medicines, samples that failed) and the details of those given; the page says how many they
    are.

    Args:
        summaries: Summaries of all samples.
        detailed: Models of the samples that the page gives in full, at most `DETAILED_SAMPLES`.

    Returns:
        The page.
    """
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


def build_overview(
    summaries: Sequence[dict[str, Any]], detailed: Sequence[Model]
) -> dict[str, Any]:
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

"""The page of a run: its samples, genes and medicines, expected against found."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.files import write_text
from apothecary.reports import run_links, trials
from apothecary.reports.html import page
from apothecary.reports.recommendations import severity
from apothecary.reports.text import printable_tree
from apothecary.reports.tumor import tier_place
from apothecary.reports.words import Words, load
from apothecary.version import VERSION

Summary = Mapping[str, Any]
LISTED_SAMPLES = 40


def write_run(
    path: Path | str,
    samples: Sequence[Mapping[str, Any]],
    folders: Sequence[Path],
    trial_counts: Mapping[str, Sequence[Mapping[str, Any]]],
    laboratory: str | None = None,
    view_folders: Sequence[Path] = (),
) -> None:
    """Write the page of a run.

    Args:
        path: The HTML file.
        samples: Rows of the table samples: what is expected.
        folders: The folders of the batches' reports, as `write.write_reports` wrote them.
        trial_counts: Rows of the table trial_counts by batch.
        laboratory: Name and address of the laboratory.
        view_folders: Folders of further views (`apothecary.views`), whose files are linked.

    Raises:
        ResourceError: A folder holds no reports of a batch.
    """
    from apothecary.reports.write import read_batch

    summaries, links = [], {}
    for folder in sorted(folders):
        relative = Path(os.path.relpath(folder, Path(path).parent)).as_posix()
        for entry in read_batch(folder)["samples"]:
            summaries.append(entry)
            links[entry["sample_id"]] = f"{relative}/{entry['sample_id']}"
    place = Path(path).parent
    more = {
        str(row["sample_id"]): list(run_links.of_views(row, view_folders, place)) for row in samples
    }
    model = build_run_model(samples, summaries, links, laboratory, trial_counts, more)
    write_text(path, render_run(model))


def build_run_model(
    samples: Sequence[Mapping[str, Any]],
    summaries: Sequence[Summary],
    links: Mapping[str, str],
    laboratory: str | None = None,
    trial_counts: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    view_links: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> dict[str, Any]:
    """The model of the page of a run.

    Args:
        samples: Rows of the table samples: what is expected.
        summaries: Summaries of the reports that were found.
        links: Address of a sample's report without its suffix, relative to the page.
        laboratory: Name and address of the laboratory.
        trial_counts: Rows of the table trial_counts by batch; None without trials.
        view_links: Links to further views by sample; see `run_links.of_views`.

    Returns:
        JSON-able facts and words; samples in the order of the sheet. A sample of the sheet
        without a report stands among those that failed.
    """
    words = load()
    found = {entry["sample_id"]: entry for entry in summaries}
    more = view_links or {}
    rows = []
    for row in sorted(samples, key=lambda row: int(row["row"])):
        name = row["sample_id"]
        own = run_links.of_report(links.get(name) if name in found else None)
        rows.append(_sample(row, found.get(name), [*own, *more.get(name, ())], words))
    reported = [found[row["sample_id"]] for row in rows if row["status"] in ("ok", "warn")]
    failed = [row for row in rows if row["status"] not in ("ok", "warn")]
    text = words("run.complete")
    if failed:
        text = words("run.incomplete", count=len(failed), total=len(rows))
    model: dict[str, Any] = {
        "software": f"Apothecary {VERSION}",
        "laboratory": laboratory or None,
        "expected": len(rows),
        "found": len(reported),
        "remarks": sum(row["status"] == "warn" for row in rows),
        "failed_count": len(failed),
        "verdict": text,
        "samples": rows,
        "failed": failed,
        "genes": gene_matrix(reported),
        "medicines": medicine_table(reported, words),
        "tumor": tumor_table(reported),
        "trials": trials.counts(trial_counts or {}, words),
        "words": dict(sorted(words.texts.items())),
    }
    printed: dict[str, Any] = printable_tree(model)
    return printed


def _sample(
    row: Mapping[str, Any],
    entry: Summary | None,
    links: Sequence[Mapping[str, Any]],
    words: Words,
) -> dict[str, Any]:
    facts = {
        "sample_id": row["sample_id"],
        "subject_id": row["subject_id"],
        "role_words": words.term("role", row["role"]),
        "batch": row["batch"],
        "address": next((link["address"] for link in links if link["kind"] == "html"), None),
        "links": run_links.grouped(links, words),
    }
    if entry is None:
        return {
            **facts,
            "status": "missing",
            "status_words": words("status.missing"),
            "reasons": [words("run.unreported")],
            "headlines": [],
        }
    return {
        **facts,
        "status": entry["status"],
        "status_words": entry["status_words"],
        "reasons": entry["reasons"],
        "headlines": entry["headlines"] if entry["status"] != "failed" else [],
    }


def gene_matrix(summaries: Sequence[Summary]) -> dict[str, Any]:
    """Diplotype and phenotype by sample and gene.

    Args:
        summaries: Summaries of the reported samples.

    Returns:
        `columns`, the genes; `rows`, a sample and one cell a gene, None where it has no entry;
        `phenotypes`, how many samples have which phenotype, and how many have positions that
        were not assessed, by gene.
    """
    columns = sorted({gene["gene"] for entry in summaries for gene in entry["genes"]})
    counts: dict[str, defaultdict[str, int]] = {gene: defaultdict(int) for gene in columns}
    rows = []
    for entry in summaries:
        by_gene = {gene["gene"]: gene for gene in entry["genes"]}
        if not by_gene:
            continue
        for gene, cell in by_gene.items():
            counts[gene][cell["phenotype"]] += 1
        cells = [
            {"diplotype": cell["diplotype"], "phenotype": cell["phenotype"]} if cell else None
            for cell in (by_gene.get(gene) for gene in columns)
        ]
        rows.append({"sample_id": entry["sample_id"], "cells": cells})
    incomplete = Counter(gene for entry in summaries for gene in entry["incomplete"])
    phenotypes = [
        {
            "gene": gene,
            "incomplete": incomplete[gene],
            "counts": [
                {"phenotype": name, "samples": number}
                for name, number in sorted(
                    counts[gene].items(), key=lambda pair: (-pair[1], pair[0])
                )
            ],
        }
        for gene in columns
    ]
    return {"columns": columns, "rows": rows, "phenotypes": phenotypes}


def medicine_table(
    summaries: Sequence[Summary], words: Words, most: int | None = None
) -> list[dict[str, Any]]:
    """Samples by medicine and action other than standard dosing, the most urgent action first.

    Args:
        summaries: Summaries of the reported samples.
        words: The catalogue.
        most: At most so many samples are named for an action; all when not given.

    Returns:
        An entry a medicine. Of an action, the samples of persons who take the medicine and the
        first others are `listed` one by one, the rest are named in one text, `others`.
    """
    table: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for entry in summaries:
        for medicine in entry["medicines"]:
            table[medicine["drug"]][medicine["action"]].append(
                {"sample_id": entry["sample_id"], "taken": medicine["taken"]}
            )
    return [
        {
            "drug": drug,
            "actions": [
                _group(action, actions[action], words, most)
                for action in sorted(actions, key=lambda action: (severity(action), action))
            ],
        }
        for drug, actions in sorted(table.items())
    ]


def _group(
    action: str, samples: list[dict[str, Any]], words: Words, most: int | None
) -> dict[str, Any]:
    count = len(samples)
    ordered = sorted(samples, key=lambda item: not item["taken"])[:most]
    listed = [item for place, item in enumerate(ordered) if item["taken"] or place < LISTED_SAMPLES]
    others = ", ".join(item["sample_id"] for item in ordered[len(listed) :])
    more = count - len(ordered)
    return {
        "action": action,
        "action_words": words.term("action", action),
        "count": count,
        "count_words": words("ui.sample_of" if count == 1 else "ui.samples_of", count=count),
        "listed": listed,
        "others": others or None,
        "more": words("genes.more", count=more) if more > 0 else None,
    }


def tumor_table(summaries: Sequence[Summary]) -> list[dict[str, Any]]:
    """Findings of tier I and II with the samples that have them, best tier first."""
    table: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for entry in summaries:
        for finding in entry["tumor"]:
            if finding["tier"] in ("I", "II"):
                key = (finding["tier"], finding["alteration"], finding["tier_words"])
                if entry["sample_id"] not in table[key]:
                    table[key].append(entry["sample_id"])
    return [
        {"tier": tier, "tier_words": words, "alteration": alteration, "samples": samples}
        for (tier, alteration, words), samples in sorted(
            table.items(), key=lambda pair: (tier_place(pair[0][0]), pair[0][1])
        )
    ]


def render_run(model: Mapping[str, Any]) -> str:
    """The page of a run; filter and sort work where scripts may run, all else without.

    Args:
        model: As `build_run_model` gives it.
    """
    words = model["words"]
    title = words["title.run"]
    foot = f"{title} · {model['software']}"
    addresses = {row["sample_id"]: row["address"] for row in model["samples"]}
    values = {"model": model, "addresses": addresses}
    return page("run.html", title, words, values, script="table.js", foot=foot)

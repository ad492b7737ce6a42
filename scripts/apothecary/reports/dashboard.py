"""The dashboard of a run: what its samples have in common, and where they differ.

Every number is of the laboratory's own samples, so that small ones are shown; what leaves the
laboratory is made by `cohort.deidentified`. The tables stand in the page as they are; a script adds
search, pages, the heat map of quality and the picture of the tumors, which are too wide to print,
from facts in columns beside them.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from apothecary.files import write_text
from apothecary.reports import germline_counts, trials
from apothecary.reports.html import page
from apothecary.reports.recommendations import severity
from apothecary.reports.text import printable_tree
from apothecary.reports.tumor import tier_place
from apothecary.reports.words import Words, load
from apothecary.reports.write import read_batch
from apothecary.version import VERSION

Row = Mapping[str, Any]
REPORTED = ("ok", "warn")
STATES = ("pass", "warn", "fail", "not_assessed")
DRAWN_TIERS = ("I", "II", "III")
DIGITS = 4


def write_dashboard(
    path: Path | str,
    samples: Sequence[Row],
    folders: Sequence[Path],
    trial_counts: Mapping[str, Sequence[Row]],
    laboratory: str | None = None,
) -> None:
    """Write the dashboard of a run.

    Args:
        path: The HTML file.
        samples: Rows of the table samples: what is expected.
        folders: The folders of the batches' reports.
        trial_counts: Rows of the table trial_counts by batch.
        laboratory: Name and address of the laboratory.

    Raises:
        ResourceError: A folder holds no reports of a batch.
    """
    summaries, links = {}, {}
    for folder in sorted(folders):
        relative = Path(os.path.relpath(folder, Path(path).parent)).as_posix()
        for entry in read_batch(folder)["samples"]:
            summaries[entry["sample_id"]] = entry
            links[entry["sample_id"]] = f"{relative}/{entry['sample_id']}.html"
    model = build(samples, summaries, links, trial_counts, laboratory)
    write_text(path, render(model))


def build(
    samples: Sequence[Row],
    summaries: Mapping[str, Row],
    links: Mapping[str, str],
    trial_counts: Mapping[str, Sequence[Row]],
    laboratory: str | None = None,
) -> dict[str, Any]:
    """The model of a dashboard.

    Args:
        samples: Rows of the table samples: what is expected.
        summaries: Summaries of the reports that were found, by sample.
        links: Address of a sample's report, relative to the page.
        trial_counts: Rows of the table trial_counts by batch.
        laboratory: Name and address of the laboratory.

    Returns:
        JSON-able facts and words; samples in the order of the sheet.
    """
    words = load()
    ordered = sorted(samples, key=lambda row: int(row["row"]))
    rows = [_sample(row, summaries.get(row["sample_id"]), links, words) for row in ordered]
    found = [
        summaries[row["sample_id"]]
        for row in ordered
        if summaries.get(row["sample_id"], {"status": ""})["status"] in REPORTED
    ]
    measured = [summaries[row["sample_id"]] for row in ordered if row["sample_id"] in summaries]
    tumors = [entry for entry in found if entry["role"] == "tumor"]
    model = {
        "software": f"Apothecary {VERSION}",
        "laboratory": laboratory or None,
        "figures": [
            {"words": words("run.expected"), "count": len(rows)},
            {"words": words("run.found"), "count": len(found)},
            {"words": words("run.remarks"), "count": sum(r["status"] == "warn" for r in rows)},
            {"words": words("run.failed"), "count": len(rows) - len(found)},
        ],
        "samples": rows,
        "failed": [row for row in rows if row["status"] not in REPORTED],
        "statuses": _choices((row["status"], row["status_words"]) for row in rows),
        "batches": _choices((row["batch"], row["batch"]) for row in rows),
        "flags": _choices(
            (flag, words(f"dashboard.flag_{flag}")) for r in rows for flag in r["flags"]
        ),
        "metrics": metric_counts(measured),
        "genes": gene_counts(found),
        "medicines": medicine_counts(found, words),
        "germline": germline_counts.of_run(found),
        "tumor_types": _ranked(Counter(entry["tumor_type"] or "" for entry in tumors)),
        "tumor_genes": tier_counts(tumors),
        "markers": marker_counts(tumors),
        "identity": identity_checks(measured),
        "trials": trials.counts(trial_counts, words),
        "data": {
            "states": list(STATES),
            "quality": heat_map(measured),
            "tumors": oncoprint(tumors),
        },
        "words": dict(sorted(words.texts.items())),
    }
    printed: dict[str, Any] = printable_tree(model)
    return printed


def _choices(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "words": text} for value, text in sorted(set(pairs))]


def _ranked(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Names with their samples, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"name": name, "samples": number} for name, number in ordered]


def _sample(row: Row, entry: Row | None, links: Mapping[str, str], words: Words) -> dict[str, Any]:
    facts = {
        "sample_id": row["sample_id"],
        "role_words": words.term("role", row["role"]),
        "tumor_type": row["tumor_type"],
        "batch": row["batch"],
        "address": quote(links[row["sample_id"]]) if entry else None,
    }
    if entry is None:
        return {
            **facts,
            "status": "missing",
            "status_words": words("status.missing"),
            "reasons": [words("run.unreported")],
            "flags": [],
        }
    return {
        **facts,
        "status": entry["status"],
        "status_words": entry["status_words"],
        "reasons": entry["reasons"],
        "flags": _flags(entry),
    }


def _flags(entry: Row) -> list[str]:
    """What a reader may want to pick samples by."""
    if entry["status"] not in REPORTED:
        return []
    states = {check["status"] for check in (*entry["metrics"], *entry["checks"])}
    told = {
        "act_taken": any(medicine["taken"] for medicine in entry["medicines"]),
        "tier_1_2": any(finding["tier"] in ("I", "II") for finding in entry["tumor"]),
        "quality": bool(states & {"warn", "fail"}),
        "incomplete": bool(entry["incomplete"]),
    }
    return [flag for flag, holds in told.items() if holds]


def metric_counts(summaries: Sequence[Row]) -> list[dict[str, Any]]:
    """How many samples have which state of a measure, by measure."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in summaries:
        for metric in entry["metrics"]:
            if metric["status"]:
                counts[metric["metric"]][metric["status"]] += 1
    return [
        {"metric": metric, **{state: counts[metric][state] for state in STATES}}
        for metric in sorted(counts)
    ]


def gene_counts(summaries: Sequence[Row]) -> list[dict[str, Any]]:
    """How often each diplotype and phenotype of a gene is, by gene."""
    diplotypes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    phenotypes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    called: Counter[str] = Counter()
    for entry in summaries:
        for gene in entry["genes"]:
            diplotypes[gene["gene"]][gene["diplotype"]] += 1
            phenotypes[gene["gene"]][gene["phenotype"]] += 1
            called[gene["gene"]] += gene["called"]
    return [
        {
            "gene": gene,
            "samples": phenotypes[gene].total(),
            "called": called[gene],
            "phenotypes": _shares(phenotypes[gene]),
            "diplotypes": _shares(diplotypes[gene]),
        }
        for gene in sorted(phenotypes)
    ]


def _shares(counts: Counter[str]) -> list[dict[str, Any]]:
    return [
        {**entry, "share": f"{100 * entry['samples'] / counts.total():.1f} %"}
        for entry in _ranked(counts)
    ]


def medicine_counts(summaries: Sequence[Row], words: Words) -> list[dict[str, Any]]:
    """Samples with guidance other than standard dosing, medicines that are taken first."""
    actions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    taking: defaultdict[str, list[str]] = defaultdict(list)
    for entry in summaries:
        for medicine in entry["medicines"]:
            actions[medicine["drug"]][medicine["action"]] += 1
            if medicine["taken"]:
                taking[medicine["drug"]].append(entry["sample_id"])
    ordered = sorted(actions, key=lambda d: (-len(taking[d]), -actions[d].total(), d))
    return [
        {
            "drug": drug,
            "taking": taking[drug],
            "samples": actions[drug].total(),
            "actions": [
                {"action": a, "words": words.term("action", a), "samples": actions[drug][a]}
                for a in sorted(actions[drug], key=lambda a: (severity(a), a))
            ],
        }
        for drug in ordered
    ]


def _best_tiers(entry: Row) -> dict[str, str]:
    """Best tier of each gene of a tumor."""
    best: dict[str, str] = {}
    for finding in entry["tumor"]:
        known = best.get(finding["gene"])
        if known is None or tier_place(finding["tier"]) < tier_place(known):
            best[finding["gene"]] = finding["tier"]
    return best


def tier_counts(tumors: Sequence[Row]) -> list[dict[str, Any]]:
    """Tumors by best tier of a gene, the genes with most findings of high tiers first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in tumors:
        for gene, tier in _best_tiers(entry).items():
            if tier in DRAWN_TIERS:
                counts[gene][tier] += 1
    rank = {g: tuple(-counts[g][tier] for tier in DRAWN_TIERS) for g in counts}
    return [
        {"gene": gene, "tiers": [counts[gene][tier] for tier in DRAWN_TIERS]}
        for gene in sorted(counts, key=lambda g: (rank[g], g))
    ]


def marker_counts(tumors: Sequence[Row]) -> list[dict[str, Any]]:
    """Tumors by state of each biomarker."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in tumors:
        for marker in entry["markers"]:
            counts[marker["name"]][marker["status_words"]] += 1
    return [{"name": name, "states": _ranked(counts[name])} for name in sorted(counts)]


def identity_checks(summaries: Sequence[Row]) -> list[dict[str, Any]]:
    """Samples whose sex or relation is not what the sheet says, or could not be told."""
    return [
        {"sample_id": entry["sample_id"], **check}
        for entry in summaries
        for check in entry["checks"]
        if check["level"] == "identity" and check["status"] != "pass"
    ]


def heat_map(summaries: Sequence[Row]) -> dict[str, Any]:
    """Measures of samples in columns.

    Args:
        summaries: Summaries of reports.

    Returns:
        `metrics`, names with units; `samples`; `values`, a list a sample in the order of the
        metrics; `states`, a list a sample of places in `STATES`. None where there is nothing.
    """
    measured = [entry for entry in summaries if entry["metrics"]]
    units = {m["metric"]: m["unit"] for entry in measured for m in entry["metrics"] if m["status"]}
    names = sorted(units)
    values, states = [], []
    for entry in measured:
        by_name = {metric["metric"]: metric for metric in entry["metrics"]}
        here = [by_name.get(name, {"value": None, "status": None}) for name in names]
        values.append([metric["value"] for metric in here])
        states.append([STATES.index(m["status"]) if m["status"] else None for m in here])
    return {
        "metrics": [[name, units[name]] for name in names],
        "samples": [entry["sample_id"] for entry in measured],
        "values": values,
        "states": states,
    }


def oncoprint(tumors: Sequence[Row]) -> dict[str, Any]:
    """Best tiers of genes of tumors in columns: `genes`, `samples`, and cells [gene, tier]."""
    genes = [row["gene"] for row in tier_counts(tumors)]
    place = {gene: number for number, gene in enumerate(genes)}
    cells = [
        sorted(
            [place[gene], tier] for gene, tier in _best_tiers(entry).items() if tier in DRAWN_TIERS
        )
        for entry in tumors
    ]
    return {
        "genes": genes,
        "samples": [entry["sample_id"] for entry in tumors],
        "types": [entry["tumor_type"] for entry in tumors],
        "cells": cells,
    }


def render(model: Mapping[str, Any]) -> str:
    """The dashboard as a page that asks for nothing.

    Args:
        model: As `build` gives it.
    """
    from markupsafe import Markup

    words = model["words"]
    shown = {key: text for key, text in words.items() if key.startswith(("dashboard.", "status."))}
    addresses = {row["sample_id"]: row["address"] for row in model["samples"]}
    facts = {**model["data"], "addresses": addresses, "words": shown}
    # No character of the facts can end the element or begin another.
    text = json.dumps(facts, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    values = {"model": model, "addresses": addresses, "data": Markup(text)}
    title = words["title.dashboard"]
    return page(
        "dashboard.html",
        title,
        words,
        values,
        script="dashboard.js",
        foot=f"{title} · {model['software']}",
        styles=("dashboard.css",),
    )

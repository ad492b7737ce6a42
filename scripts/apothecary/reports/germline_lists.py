"""The lists of genes that a person agreed to: versions, and how their genes were looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from apothecary.consent import granted_scopes
from apothecary.germline.genes import SECONDARY
from apothecary.reports.context import Context, Row, SampleTables
from apothecary.variants.scopes import GENE_LISTS

COVERED, PARTLY, NOT_COVERED, NOT_KNOWN, NOT_READ = (
    "covered",
    "partly",
    "not_covered",
    "not_known",
    "not_read",
)
# A number of a catalogue behind a name, such as `, OMIM:612555` or `, 114500`.
_NUMBER = re.compile(r",?\s*(?:(?:OMIM|MONDO|ORPHA):\s*)?\b\d{5,7}\s*$")
# Conditions that a text names; our own choice, of the layout only.
_CONDITIONS = 3
_STATES = (NOT_READ, NOT_COVERED, NOT_KNOWN, PARTLY, COVERED)
_BY_GATE: Mapping[str | None, str] = {"pass": COVERED, "warn": PARTLY, None: NOT_KNOWN}


def agreed(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The lists whose genes a person agreed to have looked at, each with its version.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        A list each, in the order of the scopes: name with version, from which version its genes
        are where from several, their number and sources, and whether it is that of secondary
        findings; none for a tumor.
    """
    granted = granted_scopes(tables.sample, tables.rows("consent"))
    wanted = [GENE_LISTS[scope] for scope in granted if scope in GENE_LISTS]
    return [_list(name, shared) for name in wanted]


def _list(name: str, shared: Context) -> dict[str, Any]:
    rows = [row for row in shared.germline().rows if row["list_id"] == name]
    versions = Counter(row["list_version"] for row in rows)
    ordered = sorted(versions, key=_by_number)
    parts = ", ".join(f"{version}: {versions[version]}" for version in ordered)
    return {
        "list": name,
        "name": shared.words(f"germline_list.{name}", version=ordered[-1] if ordered else ""),
        "detail": shared.words("germline.by_version", parts=parts) if len(ordered) > 1 else None,
        "version": ordered[-1] if ordered else None,
        "genes": len(rows),
        "secondary": name == SECONDARY,
        "source_ids": sorted({row["source_id"] for row in rows}),
    }


def _by_number(version: str) -> tuple[tuple[int, str], ...]:
    """Versions in their order: 3.10 after 3.9."""
    parts = version.split(".")
    return tuple((int(part) if part.isdecimal() else -1, part) for part in parts)


def conditions(row: Row, lists: Sequence[Mapping[str, Any]], shared: Context) -> list[str]:
    """The conditions of a gene by the lists agreed to that have it, each once.

    The list of secondary findings names one or two; that of predisposition gathers what panels
    call them, often the same with and without its number in a catalogue, which is left out.

    Args:
        row: A row of the table germline_findings.
        lists: See `agreed`.
        shared: What every report of the run shares.

    Returns:
        Names, those of the list of secondary findings first.
    """
    wanted = {entry["list"] for entry in lists}
    own = [
        entry
        for entry in shared.germline().rows
        if entry["gene"] == row["gene"] and entry["list_id"] in wanted
    ]
    own.sort(key=lambda entry: entry["list_id"] != SECONDARY)
    names: dict[str, str] = {}
    for text in (*(entry["condition"] for entry in own), row["condition"]):
        for part in (text or "").split(";"):
            name = _NUMBER.sub("", part).strip(" ,")
            if name:
                names.setdefault(name.casefold(), name)
    return list(names.values())


def condition(names: Sequence[str], shared: Context) -> str | None:
    """The first conditions in one text, the rest counted; None without one."""
    if not names:
        return None
    first = "; ".join(names[:_CONDITIONS])
    more = len(names) - _CONDITIONS
    return shared.words("germline.conditions", first=first, count=more) if more > 0 else first


def looked_at(
    tables: SampleTables,
    shared: Context,
    lists: Sequence[Mapping[str, Any]],
    found: Collection[str],
    build: str,
) -> dict[str, Any]:
    """How the genes of the lists agreed to were looked at, where nothing was found in them.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.
        lists: See `agreed`.
        found: Genes with a finding, which stand elsewhere.
        build: Build of the input.

    Returns:
        `summary`, how many genes of which list; `groups`, the genes by what is known of their
        coverage, the least known first.
    """
    names = {entry["list"] for entry in lists}
    listed = shared.germline()
    genes = {row["gene"] for row in listed.rows if row["list_id"] in names}
    gates = {row["name"]: row["status"] for row in tables.rows("qc_gates") if _of_gene(row)}
    states: dict[str, list[str]] = {state: [] for state in _STATES}
    for gene in sorted(genes - set(found)):
        if build in listed.placed and gene not in listed.placed[build]:
            states[NOT_READ].append(gene)
        else:
            states[_BY_GATE.get(gates.get(gene), NOT_COVERED)].append(gene)
    words = shared.words
    return {
        "summary": [words("germline.list", name=e["name"], genes=e["genes"]) for e in lists],
        "groups": [
            {
                "state": state,
                "name": words(f"germline_genes.{state}", count=len(names)),
                "genes": names,
            }
            for state, names in states.items()
            if names
        ],
    }


def _of_gene(row: Row) -> bool:
    return bool(row["level"] == "gene")

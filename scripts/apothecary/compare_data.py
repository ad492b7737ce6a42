"""Changes of the data, the software and the knowledge behind two runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from apothecary import schemas
from apothecary.changes import DATA, TECHNICAL, Change, Key, Row, pairs, worded
from apothecary.runs import Run
from apothecary.tables import Table

# Names told before the rest is only counted.
LISTED = 3
_SITE_KEY = ["sample_id", "gene", "position_id"]
_SITE_FACTS = ["state", "allele_1", "allele_2", "phased", "filters", "reason"]


def site_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """One change for each gene of a sample whose sites differ.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.

    Returns:
        Changes that count the sites by what became of them.
    """
    before_sites, after_sites = _sites(a, both), _sites(b, both)
    if before_sites.empty and after_sites.empty:
        # Runs of tumors; pandas does not merge two empty frames of Arrow strings.
        return []
    merged = before_sites.merge(after_sites, how="outer", on=_SITE_KEY, suffixes=("", "_b"))
    differs = merged["said"].fillna("") != merged["said_b"].fillna("")
    changed = merged.loc[differs]
    changes = []
    groups = changed.groupby(["sample_id", "gene"], sort=True)
    for (name, gene), rows in ((tuple(map(str, key)), rows) for key, rows in groups):
        before, after = rows["said"].fillna(""), rows["said_b"].fillna("")
        ids = ", ".join(sorted(rows["position_id"])[:LISTED])
        more = f" and {len(rows) - LISTED} more" if len(rows) > LISTED else ""
        subject = f"{gene}, {len(rows)} sites ({ids}{more})"
        changes.append(Change(DATA, name, subject, _counted(before), _counted(after)))
    return changes


def _sites(run: Run, both: frozenset[str]) -> pd.DataFrame:
    arrow = run.arrow(schemas.SITES).select(_SITE_KEY + _SITE_FACTS)
    wanted = pc.is_in(arrow.column("sample_id"), pa.array(sorted(both), pa.string()))
    frame: pd.DataFrame = arrow.filter(wanted).to_pandas()
    strands = frame["allele_1"].fillna("") + "/" + frame["allele_2"].fillna("")
    text = frame["state"].str.replace("_", " ") + (" " + strands).where(strands != "/", "")
    text += frame["phased"].map({True: " phased", False: ""})
    text += (" " + frame["filters"]).where(frame["filters"].notna(), "")
    text += (" (" + frame["reason"] + ")").where(frame["reason"].notna(), "")
    return frame[_SITE_KEY].assign(said=text)


def _counted(said: pd.Series) -> str:
    counts = said[said != ""].value_counts().sort_index()
    return ", ".join(f"{count} {text}" for text, count in counts.items())


def record_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Changes of the records' fates, of tumor flags, copy number and outside calls."""
    changes = []
    tables: tuple[tuple[Table, tuple[str, ...], Callable[[Row], str]], ...] = (
        (
            schemas.RECORD_FATES,
            ("sample_id", "fate", "reason"),
            lambda row: f"{row['records']} records",
        ),
        (
            schemas.TUMOR_FLAGS,
            ("sample_id", "flag"),
            lambda row: f"{row['status']}: {row['reason']}",
        ),
        (
            schemas.COPY_NUMBER,
            ("sample_id", "gene"),
            lambda row: f"{row['state'].replace('_', ' ')}, {row['total']:g} copies",
        ),
        (
            schemas.OUTSIDE_CALLS,
            ("sample_id", "gene"),
            lambda row: str(row["diplotype"] or row["phenotype"] or row["activity_score"]),
        ),
    )
    for table, key, words in tables:
        for (name, *rest), old, new in pairs(a, b, table, both, key):
            before, after = worded(old, words), worded(new, words)
            if before != after:
                subject = f"{table.name.replace('_', ' ')} {' '.join(map(str, rest))}"
                changes.append(Change(DATA, name, subject, before, after))
    return changes


def sheet_changes(a: Run, b: Run) -> list[Change]:
    """Changes of the sheets on consent and on clinical facts."""
    changes = []
    for table, key, value in (
        (schemas.CONSENT, ("subject_id", "scope"), "decision"),
        (schemas.CLINICAL, ("subject_id", "item"), "value"),
    ):
        before, after = _sheet(a, table, key, value), _sheet(b, table, key, value)
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name, ""), after.get(name, "")
            if old != new:
                changes.append(Change(DATA, "", f"{table.name} {' '.join(name)}", old, new))
    return changes


def _sheet(run: Run, table: Table, key: Sequence[str], value: str) -> dict[Key, str]:
    found: dict[Key, list[str]] = {}
    for row in run.whole_run(table):
        found.setdefault(tuple(row[name] for name in key), []).append(row[value])
    return {name: ", ".join(sorted(values)) for name, values in found.items()}


def technical_changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    """Changes of what a manifest tells: pipeline, software, knowledge, config and bytes."""
    if not a or not b:
        if bool(a) == bool(b):
            return []
        return [Change(TECHNICAL, "", "manifest", "there" if a else "", "there" if b else "")]
    changes = []
    for subject, facts in (
        ("pipeline", lambda m: m["pipeline"]),
        ("software", lambda m: m["software"]),
        ("knowledge", lambda m: {"digest": m["knowledge"]["digest"]}),
        (
            "knowledge source",
            lambda m: {row["source_id"]: row["version"] for row in m["knowledge"]["sources"]},
        ),
        ("config", lambda m: m["config"]),
        ("input of", lambda m: {row["sample_id"]: row["sha256"] for row in m["inputs"]["samples"]}),
    ):
        old, new = facts(a), facts(b)
        changes += [
            Change(TECHNICAL, "", f"{subject} {name}", _short(old.get(name)), _short(new.get(name)))
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
    return changes + _bytes(a, b)


def _bytes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    old = {row["path"]: row for row in a["outputs"]}
    new = {row["path"]: row for row in b["outputs"]}
    kinds: dict[str, list[str]] = {}
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path, {}), new.get(path, {})
        if before.get("sha256") == after.get("sha256"):
            continue
        content = before.get("content_sha256")
        same = content is not None and content == after.get("content_sha256")
        kind = "with the same rows in other bytes" if same else "with other bytes"
        kinds.setdefault(kind if before and after else "of one run only", []).append(path)
    changes = []
    for kind, paths in sorted(kinds.items()):
        more = f" and {len(paths) - LISTED} more" if len(paths) > LISTED else ""
        told = f"{len(paths)} {kind}: {', '.join(paths[:LISTED])}{more}"
        changes.append(Change(TECHNICAL, "", "outputs", f"{len(old)} files", told))
    return changes


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    hexadecimal = len(text) == 64 and set(text) <= set("0123456789abcdef")
    return text[:12] if hexadecimal else text

"""For whom of past runs newer knowledge changes what is advised.

Both packs are matched with the stored tables by the same program, so that what differs is due to
the knowledge alone. Calls are not made again: genes whose definitions changed are told apart.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import compare, runs, schemas, tables
from apothecary.changes import HEADINGS
from apothecary.cohort.rematch import rematch
from apothecary.cohort.schemas import KNOWLEDGE_EFFECTS
from apothecary.errors import Problem, WorkflowInputError
from apothecary.files import private, write_text
from apothecary.germline.names import EVIDENCE_TABLES
from apothecary.knowledge import diff
from apothecary.knowledge import pack as knowledge
from apothecary.knowledge.pack import Pack
from apothecary.reports import html
from apothecary.reports.text import printable_tree
from apothecary.reports.words import load
from apothecary.runs import Run
from apothecary.version import VERSION


@dataclass(frozen=True)
class Affected:
    """What newer knowledge changes.

    Attributes:
        rows: Rows of the table knowledge_effects, the weightiest first.
        persons: How many persons were looked at.
        notes: What matching stored tables cannot tell, one line each.
        knowledge: Digest of the later pack.
    """

    rows: Sequence[dict[str, Any]]
    persons: int
    notes: Sequence[str]
    knowledge: str


def affected(
    old: Path | str, new: Path | str, results: Sequence[Path | str], root: Path
) -> Affected:
    """Tell what changes for the persons of past runs.

    Args:
        old: The earlier pack.
        new: The later pack.
        results: Results folders of runs that have ended.
        root: The folder of the workflow.

    Returns:
        The changes of advice, phenotypes and evidence, with the clinical weights of `compare`.

    Raises:
        WorkflowInputError: A folder holds no run that has ended.
        ResourceError: A pack or a table cannot be read, or is of another version.
    """
    before, after = knowledge.load(old), knowledge.load(new)
    redefined = _redefined(before, after)
    rows, notes, persons = [], [], 0
    for folder in results:
        run = runs.load(folder)
        manifest = run.manifest()
        if not manifest:
            raise WorkflowInputError(
                Problem(str(folder), "no manifest.json", "give the results of a run that has ended")
            )
        made_with = str(manifest["knowledge"]["digest"])
        if made_with != before.digest:
            notes.append(
                f"{folder}: made with knowledge {made_with[:12]}, not with {before.digest[:12]} of "
                "--from; told is what differs from --from to --to"
            )
        persons += len({sample["subject_id"] for sample in run.samples.values()})
        notes += _not_called_again(run, redefined)
        notes += _not_classified_again(run, before, after)
        rows += _changes(run, before, after, root / "resources")
    rows.sort(key=lambda row: (row["weight"], row["results"], row["sample_id"], row["about"]))
    return Affected(rows, persons, notes, after.digest)


def _changes(run: Run, before: Pack, after: Pack, resources: Path) -> list[dict[str, Any]]:
    both = frozenset(run.samples)
    first, second = (rematch(run, pack, resources) for pack in (before, after))
    return [
        {
            "results": str(run.folder),
            "sample_id": change.sample_id,
            "subject_id": run.samples[change.sample_id]["subject_id"],
            "weight": change.weight,
            "weight_words": HEADINGS[change.weight],
            "about": change.subject,
            "before": change.before,
            "after": change.after,
        }
        for change in compare.advice_changes(first, second, both)
    ]


def _redefined(before: Pack, after: Pack) -> set[str]:
    """Genes whose alleles or positions differ, so that a call may."""
    return {
        change.subject.split()[0]
        for change in diff.diff(before, after)
        if change.area == "positions"
        or (change.area == "alleles" and change.field in ("definition", "has a definition"))
        or (change.area == "alleles" and change.what != "changed")
    }


def _not_called_again(run: Run, redefined: set[str]) -> list[str]:
    called = {row["gene"] for row in run.rows(schemas.DIPLOTYPES)}
    genes = sorted(called & redefined)
    if not genes:
        return []
    told = ", ".join(genes)
    return [f"{run.folder}: the definitions of {told} differ: run again to have them called anew"]


def _not_classified_again(run: Run, before: Pack, after: Pack) -> list[str]:
    """Germline variants need the input's fields and the user's files for another class."""
    samples = {row["sample_id"] for row in run.rows(schemas.TABLES["germline_findings"])}
    persons = {run.samples[sample]["subject_id"] for sample in samples}
    differing = [name for name in EVIDENCE_TABLES if before.rows(name) != after.rows(name)]
    if not persons or not differing:
        return []
    return [
        f"{run.folder}: germline variants of {len(persons)} persons were classified by other "
        f"{', '.join(differing)}: run again to have them classified anew"
    ]


def render(found: Affected) -> list[str]:
    """The changes as text, under a heading for each weight.

    Args:
        found: What `affected` gave.

    Returns:
        Lines; the first says for how many persons something changes.
    """
    lines = [_summary(found)]
    for group in _groups(found):
        lines += ["", group["heading"]]
        lines += [
            f"  {row['results']}, {row['sample_id']}: {row['about']}: "
            f"{row['before'] or 'nothing'} → {row['after'] or 'nothing'}"
            for row in group["rows"]
        ]
    return lines


def _summary(found: Affected) -> str:
    changed = {(row["results"], row["subject_id"]) for row in found.rows}
    return f"something changes for {len(changed)} of {found.persons} persons"


def _groups(found: Affected) -> list[dict[str, Any]]:
    """The changes under a heading for each weight that has some."""
    groups = []
    for weight, heading in HEADINGS.items():
        here = [row for row in found.rows if row["weight"] == weight]
        if here:
            groups.append({"heading": f"{heading} ({len(here)})", "rows": here})
    return groups


def page(found: Affected) -> str:
    """The changes as a page that asks for nothing.

    Args:
        found: What `affected` gave.
    """
    words = load().texts
    values = {
        "summary": _summary(found),
        "notes": list(found.notes),
        "groups": _groups(found),
        "software": f"Apothecary {VERSION}",
    }
    title = words["title.knowledge_effects"]
    return html.page("knowledge_effects.html", title, words, printable_tree(values), foot=title)


def write(folder: Path, found: Affected) -> None:
    """Write the changes as a table and as a page.

    Args:
        folder: The folder: `knowledge_effects.parquet`, `.tsv` and `.html`, replaced where they are
            there.
        found: What `affected` gave.
    """
    text = io.StringIO()
    names = [column.name for column in KNOWLEDGE_EFFECTS.columns]
    writer = csv.DictWriter(text, names, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found.rows)
    stem = folder / KNOWLEDGE_EFFECTS.name
    with private():
        tables.write(
            stem.with_suffix(".parquet"), KNOWLEDGE_EFFECTS, found.rows, knowledge=found.knowledge
        )
        write_text(stem.with_suffix(".tsv"), text.getvalue())
        write_text(stem.with_suffix(".html"), page(found))

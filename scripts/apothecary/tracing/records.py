"""The records of the user's files that rows were read from: file, and line or place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.reads.formats import READ_FORMATS
from apothecary.runs import Run
from apothecary.story import Row, Story
from apothecary.tracing.links import Link, rows

_Records = Callable[[Story, Row], "list[tuple[str, str]]"]


def of(story: Story, links: Iterable[Link]) -> dict[str, list[str]]:
    """The records behind rows.

    Args:
        story: The sample.
        links: The rows.

    Returns:
        Records by file, as the sheet names it or below the results. A line for which nothing was
        read leads to the sample's own file, of which every record was looked at.
    """
    by_file: dict[str, dict[str, None]] = {}
    for link in links:
        for file, record in _OF.get(link.table, _nothing)(story, link.row):
            by_file.setdefault(file, {})[record] = None
    if not by_file:
        by_file[variant_file(story)] = {_whole(story): None}
    for file, made_from in _made_from(story, by_file):
        by_file.setdefault(file, {})[made_from] = None
    return {file: list(records) for file, records in by_file.items()}


def variant_file(story: Story) -> str:
    """The file that a sample's variants were read from."""
    sample = story.sample
    if sample["format"] not in READ_FORMATS:
        return str(sample["input"])
    called = "somatic.vcf.gz" if sample["role"] == "tumor" else "germline.g.vcf.gz"
    return f"calls/{sample['sample_id']}/{called}"


def alignment_file(story: Story) -> str:
    """The alignments of a sample: made by the run, given, or beside its variants."""
    made = [row["path"] for row in rows(story, "alignments")]
    given = story.sample["reads"] or story.sample["input"]
    return str(made[0] if made else given)


def _made_from(story: Story, by_file: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the files of the run were made from, where the user gave reads."""
    made = []
    alignments = alignment_file(story)
    if story.sample["format"] in READ_FORMATS and variant_file(story) in by_file:
        made.append((alignments, f"{variant_file(story)} was called from it"))
    if alignments in by_file or made:
        told = f"{alignments} was made from it"
        made += [(row["path"], told) for row in rows(story, "read_files")]
    return made


def _whole(story: Story) -> str:
    counts = sum(row["records"] for row in rows(story, "record_fates"))
    return f"all {counts} records"


def _nothing(story: Story, row: Row) -> list[tuple[str, str]]:
    return []


def _all(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(variant_file(story), _whole(story))]


def _variant(story: Story, row: Row) -> list[tuple[str, str]]:
    at = f"{row['chrom']}:{row['input_pos']} {row['input_ref']} {row['input_alts'] or '.'}"
    return [(variant_file(story), f"record {row['record']} ({at})")]


def _site(story: Story, row: Row) -> list[tuple[str, str]]:
    at = f"{row['chrom']}:{row['pos']}"
    if any(one["build"] == "GRCh37" for one in rows(story, "outcomes")):
        # The file has another coordinate; tables have those of the definitions.
        at += " of GRCh38"
    if row["state_source"] == "reads" or row["phase_source"] == "reads":
        return [(alignment_file(story), at)]
    return [] if row["record"] is not None else [(variant_file(story), f"no record at {at}")]


def _read_at(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(alignment_file(story), f"{row['chrom']}:{row['input_pos'] or row['pos']}")]


def _region(story: Story, row: Row) -> list[tuple[str, str]]:
    if row["chrom"] is None:
        return []
    return [(alignment_file(story), f"{row['chrom']}:{row['start']}-{row['end']}")]


def _reads(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(alignment_file(story), "all alignments")]


def _segment(story: Story, row: Row) -> list[tuple[str, str]]:
    at = f"{row['chrom']}:{row['start']}-{row['end']}"
    return [(str(story.sample["copy_number"]), f"row {row['row']} ({at})")]


def _fusion(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(str(story.sample["fusions"]), f"row {row['row']}")]


def _outside(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(str(row["file"]), f"row {row['row']}")]


def _tag(story: Story, row: Row) -> list[tuple[str, str]]:
    named = any(row["rsid"] in (r["rsid"] or "").split(";") for r in rows(story, "variants"))
    return [] if named else [(variant_file(story), f"no record of {row['rsid']}")]


def _biomarker(story: Story, row: Row) -> list[tuple[str, str]]:
    return _reads(story, row) if row["biomarker"].endswith("_reads") else _all(story, row)


def _risk(story: Story, row: Row) -> list[tuple[str, str]]:
    if row["matched"] is None:
        return [(variant_file(story), "nothing was read for it")]
    return [(variant_file(story), f"the positions of {row['model']}")]


def _trial(story: Story, row: Row) -> list[tuple[str, str]]:
    return [(str(row["file"]), f"{row['trial_id']} part {row['block']}"), *_all(story, row)]


def _medicine(story: Story, row: Row) -> list[tuple[str, str]]:
    return _clinical_row(story, ("medicine", row["medicine"]))


def _clinical(story: Story, row: Row) -> list[tuple[str, str]]:
    return _clinical_row(story, (row["item"], row["value"]))


def _clinical_row(story: Story, wanted: tuple[str, str]) -> list[tuple[str, str]]:
    """The line of the clinical sheet, where the sheet is still the one that was read."""
    sheet = str(
        _manifest(story.run.folder).get("config", {}).get("clinical") or "the clinical sheet"
    )
    subject = str(story.sample["subject_id"])
    told = f"{subject}, {wanted[0]} {wanted[1]}"
    for number, cells in _sheet_rows(story.run.folder, sheet):
        if (cells.get("subject_id"), cells.get("item"), cells.get("value")) == (subject, *wanted):
            return [(sheet, f"row {number} ({told})")]
    return [(sheet, told)]


def _sheet_row(story: Story, row: Row) -> list[tuple[str, str]]:
    sheet = str(
        _manifest(story.run.folder).get("config", {}).get("samples") or "the sheet of samples"
    )
    return [(sheet, f"row {row['row']} ({row['sample_id']}, outside_calls none)")]


@lru_cache(maxsize=1)
def _manifest(folder: Path) -> dict[str, Any]:
    return Run(folder, {}).manifest()


@lru_cache(maxsize=1)
def _sheet_rows(folder: Path, sheet: str) -> list[tuple[int, dict[str, str]]]:
    read = {
        one["path"]: one["sha256"] for one in _manifest(folder).get("inputs", {}).get("sheets", ())
    }
    path = Path(sheet)
    if sheet not in read or not path.is_file() or files.sha256(path) != read[sheet]:
        return []
    text = path.read_text(encoding="utf-8").splitlines()
    return list(enumerate(csv.DictReader(text, delimiter="\t"), start=2))


_OF: dict[str, _Records] = {
    "biomarkers": _biomarker,
    "clinical": _clinical,
    "copy_number": _segment,
    "coverage": _region,
    "depth_copy_number": _region,
    "fusions": _fusion,
    "hotspot_evidence": _read_at,
    "medicines": _medicine,
    "outside_calls": _outside,
    "qc_metrics": _reads,
    "risk": _risk,
    "samples": _sheet_row,
    "signatures": _all,
    "sites": _site,
    "tag_screens": _tag,
    "trials": _trial,
    "tumor_flags": _all,
    "variants": _variant,
}

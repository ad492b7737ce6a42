"""Builders of scoring files, and the scores of samples whose variant files are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import variant_builders

from apothecary.risk import batch, installed, scores
from apothecary.samples import INPUT_COLUMNS

COLUMNS = ("rsID", "chr_name", "chr_position", "effect_allele", "other_allele", "effect_weight")
HEADER: Mapping[str, str] = {
    "pgs_id": "PGS000001",
    "pgs_name": "made_up",
    "trait_reported": "a trait",
    "genome_build": "GRCh38",
    "weight_type": "beta",
    "license": "a licence",
    "citation": "Someone et al. (2026)",
}
RISK: Mapping[str, Any] = {
    "references": "",
    "min_coverage": 0.75,
    "leave_out": False,
    "palindromic": "exclude",
    "palindromic_margin": 0.1,
    "impute_missing": True,
    "absent_is_reference": False,
}


def text(rows: Sequence[Mapping[str, Any]], header: Mapping[str, str] = HEADER) -> str:
    """A scoring file; a row gives what differs from rs1 at chr1:1000, effect G, other A, 0.5."""
    columns = [*COLUMNS, *sorted({name for row in rows for name in row} - set(COLUMNS))]
    plain = dict(zip(COLUMNS, ("rs1", "1", "1000", "G", "A", "0.5"), strict=True))
    lines = ["###PGS CATALOG SCORING FILE", "#format_version=2.0"]
    lines += [f"#{key}={value}" for key, value in header.items()]
    lines.append("\t".join(columns))
    for row in rows:
        cells = {**plain, **row}
        lines.append("\t".join(str(cells.get(name, "")) for name in columns))
    return "\n".join(lines) + "\n"


def write(
    folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "score.txt", **header: str
) -> str:
    """A scoring file in a folder; a header line that is empty is left out."""
    lines = {key: value for key, value in {**HEADER, **header}.items() if value}
    return variant_builders.write(folder, text(rows, lines), name)


def at(pos: int, **cells: Any) -> dict[str, Any]:
    """A row at a position of chromosome 1."""
    return {"rsID": f"rs{pos}", "chr_position": pos, **cells}


def scored(
    folder: Path,
    samples: Sequence[Mapping[str, Any]],
    files: Sequence[str],
    *,
    consent: Sequence[str] = ("germline",),
    fasta: str = "",
    ancestry: Sequence[Mapping[str, Any]] = (),
    clinical: Sequence[Mapping[str, Any]] = (),
    build: str = "GRCh38",
    thresholds: Mapping[str, Any] | None = None,
    records: int = -1,
    **settings: Any,
) -> list[dict[str, Any]]:
    """Rows of the table risk; every subject said yes to the scopes of `consent`.

    `records` is the number that the reading of the variants counted; by default one that no index
    agrees with, so that the files are read whole.
    """
    said = {"decision": "yes", "form_id": "", "date": ""}
    rows = {
        "samples": [{**dict.fromkeys(INPUT_COLUMNS, ""), **row} for row in samples],
        "consent": [
            {"subject_id": row["subject_id"], "scope": scope, **said}
            for row in samples
            for scope in consent
        ],
        "clinical": [dict(row) for row in clinical],
        "ancestry": [dict(row) for row in ancestry],
        "outcomes": [
            {"sample_id": s["sample_id"], "status": "ok", "build": build, "input_records": records}
            for s in samples
        ],
    }
    section = {**RISK, "scores": list(files), **settings}
    config = {**variant_builders.config(fasta, **(thresholds or {})), "risk": section}
    work = folder / "work"
    work.mkdir(exist_ok=True)
    asked = batch.of_rows(rows, [], "")
    return scores.score(asked, installed.load(section), config, work)


def of_records(
    folder: Path, records: Sequence[str], variants: Sequence[Mapping[str, Any]], **options: Any
) -> dict[str, Any]:
    """The row of the sample S1 of a VCF with some records, and a score of some variants."""
    head = {key: options.pop(key) for key in tuple(options) if key in HEADER}
    fields = {key: options.pop(key) for key in ("sex", "role") if key in options}
    path = variant_builders.write(folder, variant_builders.vcf(records))
    sample = variant_builders.sample(path, **fields)
    (row,) = scored(folder, [sample], [write(folder, variants, **head)], **options)
    return row


def record(pos: int, ref: str, alts: str, genotype: str, chrom: str = "chr1") -> str:
    """A record that passes, with a genotype alone."""
    return f"{chrom} {pos} . {ref} {alts} 50 PASS . GT {genotype}"


def block(start: int, end: int, ref: str = "A", genotype: str = "0/0", chrom: str = "chr1") -> str:
    """A reference block."""
    return f"{chrom} {start} . {ref} <NON_REF> . PASS END={end} GT:DP:GQ {genotype}:30:60"

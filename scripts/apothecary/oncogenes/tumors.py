"""Tumors of a batch: clonality and origin of variants, two hits, expression beside the DNA."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary import selection
from apothecary.consent import granted_scopes
from apothecary.oncogenes import (
    cases,
    clonality,
    depth_copy_number,
    evidence,
    expression,
    findings,
    neighbours,
    origins,
    two_hits,
)
from apothecary.oncogenes.allele_fractions import Copies, CopyMap
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.expression import Matrix
from apothecary.oncogenes.findings import COPY_NUMBER, VARIANT, Finding
from apothecary.oncogenes.tumor_settings import TumorSettings

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
_PLACE = ("chrom", "pos", "ref", "alt")
_OF_SAMPLES = ("variants", "copy_number", "fusions", "neighbours")
_UNCHANGED = frozenset({"neutral"})


@dataclass(frozen=True)
class _Batch:
    """What the tumors of a batch are judged by.

    Attributes:
        rows: Rows by table.
        by_sample: Rows by table and sample.
        consequences: See `findings.by_locus`.
        known: The evidence of the pack.
        genes: Genes in which two hits are looked for.
        settings: Priors and bounds.
    """

    rows: Mapping[str, Sequence[Row]]
    by_sample: Mapping[str, Mapping[str, list[Row]]]
    consequences: findings.Consequences
    known: Evidence
    genes: frozenset[str]
    settings: TumorSettings

    def of(self, table: str, sample_id: str) -> list[Row]:
        """The rows of a table that a sample has."""
        return self.by_sample[table].get(sample_id, [])


def assess(
    rows: Mapping[str, Sequence[Row]],
    tumors: Sequence[Row],
    matrix: Matrix | None,
    pack: Knowledge,
    values: Mapping[str, Any],
    chain: str = "",
) -> dict[str, Rows]:
    """Assess the tumors of a batch.

    Args:
        rows: Rows by name of the tables samples, consent, variants, consequences, neighbours,
            copy_number, depth_copy_number and fusions.
        tumors: Rows of the table samples: tumors that were read and consented to.
        matrix: Expression, where a matrix is given.
        pack: The knowledge pack.
        values: The section `tumors` of the configuration.
        chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known.

    Returns:
        Rows of the tables clonality, variant_origins, two_hits, expression_outliers and
        multi_omic.
    """
    copies = depth_copy_number.filled(rows["copy_number"], rows["depth_copy_number"])
    known = evidence.index(pack, chain)
    of_samples = {**rows, "copy_number": copies}
    batch = _Batch(
        rows,
        {name: selection.by_sample(of_samples[name]) for name in _OF_SAMPLES},
        findings.by_locus(rows["consequences"]),
        known,
        _both_alleles(pack, known),
        TumorSettings.of(values),
    )
    made: dict[str, Rows] = {
        name: []
        for name in (
            "clonality",
            "variant_origins",
            "two_hits",
            "expression_outliers",
            "multi_omic",
        )
    }
    withheld = _withheld(rows) if matrix else frozenset()
    for tumor in tumors:
        near = batch.of("neighbours", tumor["sample_id"])
        variants = neighbours.applied(batch.of("variants", tumor["sample_id"]), near)
        found = _findings(batch, tumor, variants)
        of_variants, of_origins = _variants(batch, tumor, variants, found)
        made["clonality"] += of_variants
        made["variant_origins"] += of_origins
        made["two_hits"] += _two_hits(batch, tumor, found)
        if matrix:
            made["expression_outliers"] += _outliers(batch, tumor, matrix, withheld)
            made["multi_omic"] += _multi_omic(batch, tumor, found, matrix, withheld)
    return made


def _both_alleles(pack: Knowledge, known: Evidence) -> frozenset[str]:
    """Genes whose two alleles matter: suppressors, and genes of predisposition but oncogenes."""
    inherited = {row["gene"] for row in pack.rows("germline_genes")}
    oncogenes = {row["gene"] for row in pack.rows("gene_roles") if row["role"] == "oncogene"}
    return known.suppressors | (inherited - oncogenes)


def _withheld(rows: Mapping[str, Sequence[Row]]) -> frozenset[str]:
    """Samples of the sheet whose expression may not be looked at."""
    return frozenset(
        row["sample_id"]
        for row in rows["samples"]
        if "tumor" not in granted_scopes(row, rows["consent"])
    )


def _findings(batch: _Batch, sample: Row, variants: Iterable[Row]) -> list[Finding]:
    """The findings of a sample that no filter failed, neighbours of one codon joined."""
    name = sample["sample_id"]
    found = cases.findings_of(
        variants,
        batch.consequences,
        batch.of("copy_number", name),
        batch.of("fusions", name),
        batch.known,
    )
    return [finding for finding in found if not finding.failed]


def _variants(
    batch: _Batch, tumor: Row, variants: Iterable[Row], found: Sequence[Finding]
) -> tuple[Rows, Rows]:
    """Clonality of the variants of cancer genes, and their origin where there is no normal."""
    alone = selection.normal_of(batch.rows["samples"], tumor) is None
    copy_map = CopyMap(batch.of("copy_number", tumor["sample_id"]), tumor["sex"])
    named = {f.finding_id: f for f in found if f.kind == VARIANT}
    shares: Rows = []
    whence: Rows = []
    seen = set()
    for row in variants:
        key = tuple(row[name] for name in _PLACE)
        finding = named.get(":".join(str(part) for part in key))
        if row["fate"] != "kept" or finding is None or key in seen:
            continue
        if not batch.known.genes.intersection(finding.genes):
            continue
        seen.add(key)
        copies = copy_map.at(row["chrom"], row["pos"])
        base = _base(tumor, row, finding, copies)
        somatic = True
        if alone:
            known = finding.hotspot
            origin = origins.judge(row, copies, tumor["purity"], known, batch.settings)
            somatic = origin.status != origins.LIKELY_GERMLINE
            whence.append(
                {
                    **base,
                    "population_af": row["population_af"],
                    "known_somatic": known,
                    "prior": origin.prior,
                    "germline_probability": origin.probability,
                    "status": origin.status,
                    "reason": origin.reason,
                }
            )
        shares.append({**base, **_share(row, copies, tumor, batch.settings, somatic=somatic)})
    return shares, whence


def _base(tumor: Row, row: Row, finding: Finding, copies: Copies) -> dict[str, Any]:
    return {
        "sample_id": tumor["sample_id"],
        **{name: row[name] for name in _PLACE},
        "genes": list(finding.genes),
        "alteration": finding.alteration,
        "vaf": row["vaf"],
        "purity": tumor["purity"],
        "total": copies.total,
        "copies_given": copies.given,
    }


def _share(
    row: Row, copies: Copies, tumor: Row, settings: TumorSettings, *, somatic: bool
) -> dict[str, Any]:
    if not somatic:
        return {"status": clonality.UNKNOWN, "reason": "it is likely of the germline"}
    told = clonality.judge(row, copies, tumor["purity"], settings)
    return {
        "multiplicity": told.multiplicity,
        "ccf": told.ccf,
        "ccf_low": told.low,
        "ccf_high": told.high,
        "status": told.status,
        "reason": told.reason,
    }


def _two_hits(batch: _Batch, tumor: Row, found: Sequence[Finding]) -> Rows:
    """Genes that are hit; a normal counts only with consent to germline findings."""
    normals = [
        row
        for row in batch.rows["samples"]
        if row["subject_id"] == tumor["subject_id"]
        and row["role"] in ("germline", "normal")
        and row["batch"] == tumor["batch"]
        and "germline" in granted_scopes(row, batch.rows["consent"])
    ]
    near = batch.of("neighbours", tumor["sample_id"])
    germline = [f for normal in normals for f in _inherited(batch, normal, near)]
    shifts = _shifts(batch, tumor, normals)
    copies = {row["gene"]: row for row in batch.of("copy_number", tumor["sample_id"])}
    made = []
    for gene in sorted(batch.genes):
        hits = two_hits.of_gene(
            gene,
            [finding for finding in found if gene in finding.genes],
            [finding for finding in germline if gene in finding.genes],
            copies.get(gene),
            shifts.get(gene, []),
        )
        if not hits.any:
            continue
        status, reason = hits.status()
        made.append(
            {
                "sample_id": tumor["sample_id"],
                "gene": gene,
                "truncating": list(hits.truncating),
                "altering": list(hits.altering),
                "germline": list(hits.germline),
                "lost": [*hits.deleted, *hits.lost],
                "status": status,
                "reason": reason,
                "germline_looked_at": bool(normals),
            }
        )
    return made


def _inherited(batch: _Batch, normal: Row, near: Iterable[Row]) -> list[Finding]:
    """The findings of a normal, joined where it has all that is joined in the tumor."""
    own = batch.of("variants", normal["sample_id"])
    return _findings(batch, normal, neighbours.applied(own, neighbours.held(own, near)))


def _shifts(batch: _Batch, tumor: Row, normals: Iterable[Row]) -> dict[str, list[str]]:
    """By gene, germline variants whose allele fraction in the tumor tells of a lost allele."""
    here = {_locus(row): row for row in batch.of("variants", tumor["sample_id"])}
    found: dict[str, list[str]] = {}
    for normal in normals:
        for row in batch.of("variants", normal["sample_id"]):
            in_tumor = here.get(_locus(row))
            if in_tumor is None or row["fate"] != "kept":
                continue
            text = two_hits.shifted(in_tumor, row, batch.settings)
            if text:
                for gene in batch.known.regions.at(row["chrom"], row["pos"]):
                    found.setdefault(gene, []).append(f"{row['chrom']}:{row['pos']} {text}")
    return found


def _locus(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("build", *_PLACE))


def _outliers(batch: _Batch, tumor: Row, matrix: Matrix, withheld: Collection[str]) -> Rows:
    made = []
    for gene in sorted(batch.known.genes):
        told = matrix.judge(gene, tumor["sample_id"], withheld, batch.settings)
        if told and told.status in (expression.HIGH, expression.LOW):
            made.append(
                {
                    "sample_id": tumor["sample_id"],
                    "gene": gene,
                    "value": told.value,
                    "median": told.median,
                    "robust_z": told.robust_z,
                    "samples": told.samples,
                    "status": told.status,
                }
            )
    return made


def _multi_omic(
    batch: _Batch,
    tumor: Row,
    found: Sequence[Finding],
    matrix: Matrix,
    withheld: Collection[str],
) -> Rows:
    changed: dict[str, list[str]] = {}
    for finding in found:
        altering = finding.kind != VARIANT or finding.altering
        neutral = finding.kind == COPY_NUMBER and finding.state in _UNCHANGED
        for gene in finding.genes if altering and not neutral else ():
            if gene in batch.known.genes:
                changed.setdefault(gene, []).append(finding.alteration)
    made = []
    for gene in sorted(changed):
        told = matrix.judge(gene, tumor["sample_id"], withheld, batch.settings)
        enough = batch.settings.expression_min_value
        made.append(
            {
                "sample_id": tumor["sample_id"],
                "gene": gene,
                "dna": changed[gene],
                "expression": told.value if told else None,
                "expressed": ("yes" if told.value >= enough else "no") if told else "unknown",
                "outlier": told.status if told else None,
                "robust_z": told.robust_z if told else None,
                "reason": told.reason if told else "the matrix has no value",
            }
        )
    return made

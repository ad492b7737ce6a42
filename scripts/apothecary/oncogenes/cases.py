"""The tumors of a batch: what was found in each, and what of it was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.oncogenes import findings, markers, neighbours, searched, tumor_flags
from apothecary.oncogenes.defining_fusions import Defining
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.finding_match import Tumor
from apothecary.oncogenes.findings import Finding
from apothecary.oncogenes.markers import Markers
from apothecary.oncogenes.searched import Searched
from apothecary.oncogenes.settings import Settings
from apothecary.selection import by_sample

Row = Mapping[str, Any]
_OF_SAMPLES = (
    "variants",
    "copy_number",
    "fusions",
    "hotspots",
    "coverage",
    "gates",
    "neighbours",
    "biomarkers",
)


@dataclass(frozen=True)
class Batch:
    """The tables of a batch that tumors are judged by.

    Attributes:
        variants: Rows of the table variants.
        consequences: Rows of the table consequences.
        copy_number: Rows of the table copy_number.
        fusions: Rows of the table fusions.
        hotspots: Rows of the table hotspot_evidence; none without reads.
        coverage: Rows of the table coverage; none without reads.
        gates: Rows of the table qc_gates; none without reads.
        neighbours: Rows of the table neighbours; what is joined is one finding.
        biomarkers: Rows of the table biomarkers.
    """

    variants: Sequence[Row]
    consequences: Sequence[Row]
    copy_number: Sequence[Row]
    fusions: Sequence[Row]
    hotspots: Sequence[Row] = field(default=())
    coverage: Sequence[Row] = field(default=())
    gates: Sequence[Row] = field(default=())
    neighbours: Sequence[Row] = field(default=())
    biomarkers: Sequence[Row] = field(default=())


@dataclass(frozen=True)
class Case:
    """One tumor.

    Attributes:
        sample: Row of the table samples.
        kept: Its findings, but for variants that failed a filter; with the fusions that its
            diagnosis brings.
        failed: Those variants.
        flags: Its rows of the table tumor_flags.
        searched: What of it was looked at.
    """

    sample: Row
    kept: Sequence[Finding]
    failed: Sequence[Finding]
    flags: Sequence[Row]
    searched: Searched

    @property
    def refused(self) -> list[str]:
        """Why its calls are not taken for those of a tumor."""
        return [flag["reason"] for flag in self.flags if flag["status"] == "fail"]


def of_batch(
    batch: Batch,
    samples: Iterable[Row],
    evidence: Evidence,
    settings: Settings,
    defining: Defining,
    marker_names: Markers,
) -> Iterator[Case]:
    """The tumors of a batch.

    Args:
        batch: Its tables.
        samples: Rows of the table samples; those with the role tumor are taken.
        evidence: The evidence of the knowledge pack.
        settings: Thresholds.
        defining: Fusions that a tumor has by its diagnosis, where no fusions were given.
        marker_names: Names of biomarkers in evidence; see `markers.load`.

    Yields:
        A case a tumor, in the order of the samples.
    """
    consequences = findings.by_locus(batch.consequences)
    tables = {name: by_sample(getattr(batch, name)) for name in _OF_SAMPLES}
    for sample in samples:
        if sample["role"] != "tumor":
            continue
        own = {name: rows.get(sample["sample_id"], []) for name, rows in tables.items()}
        joined = neighbours.applied(own["variants"], own["neighbours"])
        found = findings_of(joined, consequences, own["copy_number"], own["fusions"], evidence)
        found += markers.findings(own["biomarkers"], marker_names)
        flags = [
            *tumor_flags.assess(sample, own["variants"], consequences, settings),
            *tumor_flags.remarks(sample, own["variants"], consequences, own["neighbours"]),
        ]
        by_diagnosis = [] if sample["fusions"] else defining.get(sample["tumor_type"] or "", ())
        yield Case(
            sample,
            [*(finding for finding in found if not finding.failed), *by_diagnosis],
            [finding for finding in found if finding.failed],
            flags,
            searched.of_sample(
                sample,
                own["hotspots"],
                own["coverage"],
                own["gates"],
                own["copy_number"],
                flags,
                markers.looks(own["biomarkers"], marker_names),
            ),
        )


def tumor(
    found: Iterable[Finding], case: Case | None, evidence: Evidence, settings: Settings
) -> Tumor:
    """Findings as profiles are matched against them.

    Args:
        found: Findings of one tumor.
        case: The tumor, by which what was not found may be absent; None when nothing may.
        evidence: The evidence of the knowledge pack.
        settings: Thresholds.
    """
    by_gene: dict[str, list[Finding]] = {}
    of_tumor = []
    for finding in found:
        if finding.kind == findings.MARKER:
            of_tumor.append(finding)
            continue
        for gene in finding.genes:
            by_gene.setdefault(gene, []).append(finding)
    doubtful = [gene for f in (case.failed if case else ()) if f.altering for gene in f.genes]
    return Tumor(
        by_gene,
        settings,
        evidence.recurrent,
        evidence.ranges,
        evidence.suppressors,
        case.searched if case else None,
        frozenset(doubtful),
        of_tumor,
    )


def findings_of(
    variants: Iterable[Row],
    consequences: findings.Consequences,
    copy_number: Iterable[Row],
    fusions: Iterable[Row],
    evidence: Evidence,
) -> list[Finding]:
    """What was found in a sample, in the form that profiles are matched against.

    Args:
        variants: Its rows of the table variants.
        consequences: See `findings.by_locus`.
        copy_number: Its rows of the table copy_number.
        fusions: Its rows of the table fusions.
        evidence: The evidence of the knowledge pack.
    """
    found: dict[str, Finding] = {}
    for variant in variants:
        if findings.looked_at(variant, consequences):
            finding = findings.of_variant(
                variant, consequences, evidence.known, evidence.regions, evidence.exons
            )
            finding = _with_frequency(finding, variant, evidence)
            before = found.get(finding.finding_id)
            if finding.genes and (before is None or before.failed):
                found[finding.finding_id] = finding
    for row in copy_number:
        finding = findings.of_copy_number(row)
        found[finding.finding_id] = finding
    for row in fusions:
        finding = findings.of_fusion(row)
        found.setdefault(finding.finding_id, finding)
    return list(found.values())


def _with_frequency(finding: Finding, variant: Row, evidence: Evidence) -> Finding:
    """A finding with the higher of the frequencies that the input and the knowledge have."""
    if variant["build"] != KNOWN_BUILD:
        return finding
    place = (variant["chrom"], variant["pos"], variant["ref"], variant["alt"])
    known = evidence.common.get(place)
    if known is None or known <= (finding.population_af or 0.0):
        return finding
    return replace(finding, population_af=known)

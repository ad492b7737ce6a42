"""The biomarkers of the tumors of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.calling.targets import Span
from apothecary.oncogenes import tumor_flags
from apothecary.oncogenes.biomarkers import (
    catalogues,
    counting,
    hrd,
    msi_reads,
    msi_variants,
    regions,
    signatures,
    tmb,
)
from apothecary.oncogenes.biomarkers.catalogues import Catalogue
from apothecary.oncogenes.biomarkers.msi_reads import Lengths
from apothecary.oncogenes.biomarkers.resources import Resources
from apothecary.oncogenes.findings import by_locus
from apothecary.oncogenes.settings import Settings
from apothecary.reads.formats import READ_FORMATS
from apothecary.selection import by_sample
from apothecary.variants.reference import Reference

Row = Mapping[str, Any]
BUILD = "GRCh38"
WITHHELD = "withheld"


@dataclass(frozen=True)
class Batch:
    """What the tumors of a batch are assessed from: rows of the tables of these names.

    Attributes:
        variants: Of all tumors.
        consequences: Of their variants.
        copy_number: Of all tumors.
        coverage: Of samples given as reads.
        microsatellites: Of tumors given as reads.
    """

    variants: Iterable[Row]
    consequences: Iterable[Row]
    copy_number: Iterable[Row]
    coverage: Iterable[Row]
    microsatellites: Iterable[Row]


@dataclass(frozen=True)
class Means:
    """What they are assessed with.

    Attributes:
        resources: The tables of resources/biomarkers.
        settings: The part `biomarkers` of the configuration.
        flags: The part `oncogenes`, by which a sample is taken for germline calls.
        reference: The reference sequence (GRCh38), where one is given.
        regions: Coding regions that the configuration names, merged; None for none.
        baseline: See `msi_reads.pooled`.
    """

    resources: Resources
    settings: Mapping[str, Any]
    flags: Settings
    reference: Reference | None = None
    regions: Sequence[Span] | None = None
    baseline: Mapping[tuple[str, int], Lengths] = field(default_factory=dict)


Tables = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def assess(samples: Iterable[Row], batch: Batch, means: Means) -> Tables:
    """Assess tumors.

    Args:
        samples: Rows of the table samples: tumors that were read.
        batch: What they are assessed from.
        means: What they are assessed with.

    Returns:
        Rows of the tables biomarkers and signatures.
    """
    consequences = by_locus(batch.consequences)
    variants, copies = by_sample(batch.variants), by_sample(batch.copy_number)
    coverage, loci = by_sample(batch.coverage), by_sample(batch.microsatellites)
    markers: list[dict[str, Any]] = []
    fitted: list[dict[str, Any]] = []
    for sample in samples:
        name = sample["sample_id"]
        own = variants.get(name, [])
        counted = counting.somatic(own, means.settings["counted"])
        builds = {row["build"] for row in own}
        build = BUILD if builds <= {BUILD} else min(builds - {BUILD})
        region = regions.of_sample(
            sample,
            coverage.get(name, []),
            means.regions,
            means.settings["tmb"]["megabases"],
            build,
        )
        reference = means.reference if build == BUILD else None
        found = _catalogues(counted.variants, reference, means.resources)
        of_signatures = signatures.assess(
            found,
            sample["assay"],
            means.resources,
            means.settings["signatures"],
            name,
            _unknown(means.reference, build),
        )
        of_markers = [
            *tmb.assess(counted, consequences, region, sample["assay"], means.settings["tmb"]),
            msi_variants.assess(
                counted.variants,
                sample["assay"],
                reference,
                means.resources.msi_model,
                means.settings["msi_variants"],
            ),
            msi_reads.assess(
                loci.get(name, []),
                means.baseline,
                sample["format"] in READ_FORMATS,
                means.resources.msi_model,
                means.settings["msi_reads"],
            ),
            *hrd.assess(
                counted.variants,
                consequences,
                copies.get(name, []),
                of_signatures,
                found[catalogues.ID],
                means.resources.hrd_genes,
                sample["assay"],
                means.settings["hrd"],
            ),
        ]
        flags = tumor_flags.assess(sample, own, consequences, means.flags)
        failed = "; ".join(flag["reason"] for flag in flags if flag["status"] == tumor_flags.FAIL)
        if failed:
            of_markers = [_withheld(row, failed) for row in of_markers]
            of_signatures = [_withheld(row, failed) for row in of_signatures]
        markers += [{"sample_id": name, **row} for row in of_markers]
        fitted += [{"sample_id": name, **row} for row in of_signatures]
    return markers, fitted


def _withheld(row: dict[str, Any], reason: str) -> dict[str, Any]:
    """What was counted in calls that are not taken for somatic is no biomarker."""
    kept = {"biomarker", "catalogue", "signature", "unit", "method", "mutations"}
    kept |= {"without_context", "matrix"}
    blank = {key: value if key in kept else None for key, value in row.items()}
    return {**blank, "status": WITHHELD, "reason": reason}


def _catalogues(
    variants: Sequence[Row], reference: Reference | None, resources: Resources
) -> dict[str, Catalogue]:
    doublets = frozenset(resources.matrices[catalogues.DBS, "exome"].types)
    return catalogues.of_tumor(variants, reference, doublets)


def _unknown(reference: Reference | None, build: str) -> str:
    if build != BUILD:
        why = f"they are on {build}, and a reference is read for {BUILD} only"
    elif reference is None:
        why = "no reference sequence was given (reference.fasta)"
    else:
        why = "reference.fasta does not hold the bases around them"
    return f": {why}, nor does the input give bases that fit"

"""The files that a run makes of each sample that is given as reads, beside its alignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.reads.formats import READ_FORMATS

_MEASURED = ("alignment_metrics", "coverage", "fingerprints", "target_genotypes", "outcomes")
_ALIGNED = ("alignment", "read_files")


def calls(sample: Mapping[str, Any]) -> str:
    """The variant file that is called from the reads of a sample.

    Args:
        sample: A row of the table samples.
    """
    kind = "somatic.vcf.gz" if sample["role"] == "tumor" else "germline.g.vcf.gz"
    return f"<results>/calls/{sample['sample_id']}/{kind}"


def call_outcomes(sample: Mapping[str, Any]) -> str:
    """The table that tells whether a sample could be called."""
    kind = "somatic" if sample["role"] == "tumor" else "germline"
    return f"<results>/calls/{sample['sample_id']}/{kind}.outcomes.parquet"


def hotspots(sample: Mapping[str, Any]) -> str:
    """The evidence of a tumor's reads at known variants."""
    return f"<results>/calls/{sample['sample_id']}/hotspot_evidence.parquet"


def microsatellites(sample: Mapping[str, Any]) -> str:
    """The homopolymers of a tumor's reads."""
    return f"<results>/calls/{sample['sample_id']}/microsatellites.parquet"


def paths(samples: Sequence[Mapping[str, Any]]) -> list[str]:
    """All of them, in the order of the sheet.

    Args:
        samples: Rows of the table samples.

    Returns:
        Paths with the pathvar of the results folder. Alignments and their indexes are not among
        them, since their digests are in the table alignments.
    """
    found = []
    for sample in samples:
        name = sample["sample_id"]
        if sample["format"] not in READ_FORMATS:
            continue
        if sample["format"] == "fastq":
            found += [f"<results>/alignments/{name}.{table}.parquet" for table in _ALIGNED]
        found += [f"<results>/qc/{name}/{table}.parquet" for table in _MEASURED]
        found += [f"<results>/qc/{name}/{name}.stats.txt"]
        found += [calls(sample), f"{calls(sample)}.tbi", call_outcomes(sample)]
        if sample["role"] == "tumor":
            found += [microsatellites(sample), hotspots(sample)]
    return found

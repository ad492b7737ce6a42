"""Measures, coverage and fingerprint of the alignments of a sample."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.hardening.bounded import Limits
from apothecary.knowledge import pack as knowledge
from apothecary.knowledge.placement import Placement
from apothecary.logs import logged
from apothecary.qc import alignments, regions, snps
from apothecary.qc.assay import Assay

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], sample_id: str, params: Any, output: dict[str, str], limits: Limits
) -> None:
    """Measure what the subject consented to; a file that cannot be read becomes an outcome."""
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(tables.read_rows(inputs["samples"], schemas.SAMPLES), sample_id)
    placement = Placement(params.build, next(iter(inputs["chain"]), ""))
    assay = Assay(
        targets=_targets(inputs["targets"], placement.build),
        pack=pack,
        snps=snps.load(inputs["snps"], inputs["allele_counts"]),
        fasta=next(iter(inputs["fasta"]), None),
        unnamed=params.unnamed,
        placement=placement,
        genes=params.settings["genes"],
        called=_targets(inputs["called"], placement.build),
    )
    allowed = alignments.allowed(sample, tables.read_rows(inputs["consent"], schemas.CONSENT), pack)
    with tempfile.TemporaryDirectory() as work:
        measured = alignments.measure(
            sample, inputs["alignments"], assay, allowed, params.settings, Path(work), limits
        )
    rows = {**measured.tables, "qc_outcomes": [measured.outcome(sample_id)]}
    for name, found in rows.items():
        tables.write(output[name], schemas.TABLES[name], found, knowledge=pack.digest)
    alignments.write_stats(output["stats"], measured)


def _targets(paths: list[str], build: str) -> list[regions.Target]:
    return [target for path in paths for target in regions.read_targets(path, build)]


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            snakemake.params,
            dict(snakemake.output.items()),
            Limits.of_resources(dict(snakemake.resources.items())),
        )

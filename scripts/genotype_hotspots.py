"""What the reads of a tumor say at every known variant."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.calling import attempt, of_sample
from apothecary.calling.request import opened
from apothecary.hardening.bounded import Limits
from apothecary.logs import logged
from apothecary.qc import gates, withholding

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], sample_id: str, params: Any, evidence: str, limits: Limits
) -> None:
    """Genotype the known variants, where the subject consented to it and the reads can be used."""
    quality = gates.read(inputs)
    failed = attempt.refusal(row for row in quality.outcomes if row["sample_id"] == sample_id)
    rows: list[dict[str, Any]] = []
    with opened(inputs, sample_id, dict(params.config), limits) as request:
        # Why there are none is told by call_somatic, which looks at the same reads.
        attempt.attempt(
            sample_id,
            "genotype_hotspots",
            failed or request.refused,
            lambda: rows.extend(of_sample.genotype_hotspots(request)),
            rows.clear,
        )
    rows = withholding.withhold_hotspots(rows, quality.coverage, request.sample, params.limits)
    tables.write(evidence, schemas.HOTSPOT_EVIDENCE, rows, knowledge=request.pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            snakemake.params,
            snakemake.output.hotspot_evidence,
            Limits.of_resources(dict(snakemake.resources.items())),
        )

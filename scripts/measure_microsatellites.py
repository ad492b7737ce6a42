"""The lengths of homopolymers in the reads of a tumor, and of its normal where there is one."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.calling import attempt
from apothecary.calling.request import opened
from apothecary.hardening.bounded import Limits
from apothecary.logs import logged
from apothecary.oncogenes.biomarkers import of_reads

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any],
    sample_id: str,
    config: dict[str, Any],
    settings: dict[str, Any],
    microsatellites: str,
    limits: Limits,
) -> None:
    """Measure the tumor, where the subject consented to it and the reads can be used."""
    rows: list[dict[str, Any]] = []
    with opened(inputs, sample_id, config, limits) as request:
        # Why there are none is told by call_somatic, which looks at the same reads.
        attempt.attempt(
            sample_id,
            "measure_microsatellites",
            request.refused,
            lambda: rows.extend(of_reads.measure(request, settings)),
            rows.clear,
        )
    tables.write(microsatellites, schemas.MICROSATELLITES, rows, knowledge=request.pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            dict(snakemake.params.settings),
            snakemake.output.microsatellites,
            Limits.of_resources(dict(snakemake.resources.items())),
        )

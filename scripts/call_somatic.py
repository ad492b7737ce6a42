"""The somatic candidates of a tumor, with its normal where the sheet has one."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.calling import attempt, of_sample
from apothecary.calling.request import opened
from apothecary.hardening.bounded import Limits
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any],
    sample_id: str,
    config: dict[str, Any],
    output: dict[str, str],
    limits: Limits,
) -> None:
    """Call the tumor, where the subject consented to it; what fails becomes an outcome."""
    with opened(inputs, sample_id, config, limits) as request:
        outcome = attempt.attempt(
            sample_id,
            "call_somatic",
            request.refused,
            lambda: of_sample.call_somatic(request, output["calls"]),
            lambda: attempt.write_nothing(output["calls"], request.columns),
        )
    tables.write(output["outcomes"], schemas.OUTCOMES, [outcome], knowledge=request.pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
            Limits.of_resources(dict(snakemake.resources.items())),
        )

"""The germline calls of a sample: genotypes over targets, reference seen at every definition."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import attempt, of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], sample_id: str, config: dict[str, Any], output: dict[str, str]
) -> None:
    """Call what the subject consented to; reads that cannot be used become an outcome."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.request(
            sample, consent, inputs["alignment"], pack, config, Path(folder)
        )
        outcome = attempt.attempt(
            sample_id,
            "call_germline",
            attempt.refusal(tables.read_rows(inputs["measured"], schemas.QC_OUTCOMES)),
            lambda: of_sample.call_germline(request, output["calls"]),
            lambda: attempt.write_nothing(output["calls"], [request.column]),
        )
    tables.write(output["outcomes"], schemas.OUTCOMES, [outcome], knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

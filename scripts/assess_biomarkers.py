"""Burden, microsatellite instability, signatures and hints of HRD of the tumors of a batch."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes.biomarkers import assessment, means
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], config: dict[str, Any], output: dict[str, str]) -> None:
    """Assess the tumors that were read and whose subjects consented to it."""
    pack = knowledge.load(inputs["pack"])
    quality = gates.read(inputs)
    samples = selection.samples_of_scope(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["consent"], schemas.CONSENT),
        tables.read_rows(inputs["outcomes"], schemas.OUTCOMES) + quality.outcomes,
        "tumor",
    )
    batch = assessment.Batch(
        tables.read_rows(inputs["variants"], schemas.VARIANTS),
        tables.read_rows(inputs["consequences"], schemas.CONSEQUENCES),
        tables.read_rows(inputs["copy_number"], schemas.COPY_NUMBER),
        quality.coverage,
        [
            row
            for path in inputs["microsatellites"]
            for row in tables.read_rows(path, schemas.MICROSATELLITES)
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        markers, signatures = assessment.assess(
            samples, batch, means.load(inputs["resources"], inputs["baseline"], config, folder)
        )
    tables.write(output["biomarkers"], schemas.BIOMARKERS, markers, knowledge=pack.digest)
    tables.write(output["signatures"], schemas.SIGNATURES, signatures, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

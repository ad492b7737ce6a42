"""The variants of every sample of a batch, each input record with its fate."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import batch_reading, schemas, tables
from apothecary.hardening.bounded import Limits
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import tag_screen
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], batch: str, params: Any, output: dict[str, str], limits: Limits
) -> None:
    """Read what the subjects consented to; a sample that cannot be read becomes an outcome."""
    pack = knowledge.load(inputs["pack"])
    samples = [
        row for row in tables.read_rows(inputs["samples"], schemas.SAMPLES) if row["batch"] == batch
    ]
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    alignments = _rows(inputs["alignments"], schemas.ALIGNMENTS)
    outcomes = [*_rows(inputs["call_outcomes"], schemas.OUTCOMES), *alignments]
    gated = gates.failures(gates.read(inputs).outcomes)
    called = batch_reading.Called.of(inputs["calls"], gated, outcomes)
    with tempfile.TemporaryDirectory() as work_folder:
        tags = tag_screen.load(inputs["tags"])
        config = dict(params.config)
        rows = batch_reading.read(
            *(samples, consent, config["folder"], pack, config, work_folder, tags, called, limits)
        )
        batch_reading.write(rows, output, pack.digest)


def _rows(paths: list[str], table: tables.Table) -> list[dict[str, Any]]:
    return [row for path in paths for row in tables.read_rows(path, table)]


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.batch,
            snakemake.params,
            dict(snakemake.output.items()),
            Limits.of_resources(dict(snakemake.resources.items())),
        )

"""The variants of every sample of a batch, each input record with its fate."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import batch_reading, schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import tag_screen

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, str],
    aligned: list[str],
    batch: str,
    folder: str,
    config: dict[str, Any],
    output: dict[str, str],
) -> None:
    """Read what the subjects consented to; a sample that cannot be read becomes an outcome."""
    pack = knowledge.load(inputs["pack"])
    samples = [
        row for row in tables.read_rows(inputs["samples"], schemas.SAMPLES) if row["batch"] == batch
    ]
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    alignments = [row for path in aligned for row in tables.read_rows(path, schemas.ALIGNMENTS)]
    with tempfile.TemporaryDirectory() as work_folder:
        tags = tag_screen.load(inputs["tags"])
        rows = batch_reading.read(
            samples, consent, folder, pack, config, work_folder, tags, alignments
        )
    for name, path in output.items():
        tables.write(path, schemas.TABLES[name], rows[name], knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: snakemake.input[name] for name in ("samples", "consent", "tags", "pack")},
            list(snakemake.input.alignments),
            snakemake.wildcards.batch,
            snakemake.params.folder,
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

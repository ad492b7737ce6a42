"""The report model of every sample of a batch, and its views."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.reports import model, previous, write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, str],
    manifests: list[str],
    settings: dict[str, Any],
    batch: str,
    reports: str,
) -> None:
    """Write JSON, HTML, XLSX and TSV for each sample of the batch."""
    pack = knowledge.load(inputs.pop("pack"))
    read = {name: tables.read(path, schemas.TABLES[name]) for name, path in inputs.items()}
    samples = [row for row in read["samples"].to_pylist() if row["batch"] == batch]
    for manifest in manifests:
        settings["previous"] = previous.of_batch(Path(manifest).parent, samples, read)
    write.write_reports(reports, model.models(samples, read, pack, settings))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: path for name, path in snakemake.input.items() if name != "previous"},
            list(snakemake.input.previous),
            dict(snakemake.params.settings),
            snakemake.wildcards.batch,
            snakemake.output.reports,
        )

"""Every output of the run with its digest, its inputs, software and knowledge."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import files, manifest, schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.tables import Table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def _rows(found: list[str], table: Table) -> list[dict[str, Any]]:
    """The rows of a table of all batches."""
    paths = [path for path in found if Path(path).stem == table.name]
    return [row for path in paths for row in tables.read_rows(path, table)]


def main(
    found: list[str],
    of_samples: list[str],
    inputs: list[str],
    pack: str,
    config: dict[str, Any],
    output: dict[str, str],
) -> None:
    """Write the manifest as JSON and as a table, and checksums that `sha256sum -c` takes."""
    results = Path(output["manifest"]).parent
    opened = knowledge.load(pack)
    rows = manifest.outputs(results, [Path(path) for path in (*found, *of_samples)])
    rows += manifest.aligned(results, _rows(found, schemas.ALIGNMENTS))
    rows.sort(key=lambda row: str(row["path"]))
    outcomes = _rows(found, schemas.OUTCOMES) + _rows(found, schemas.QC_OUTCOMES)
    document = manifest.document(rows, inputs, outcomes, opened, config)
    tables.write(output["table"], schemas.MANIFEST, rows, knowledge=opened.digest)
    files.write_text(output["checksums"], manifest.checksums(rows))
    files.write_json(output["manifest"], document)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            [
                *snakemake.input.tables,
                *snakemake.input.batches,
                *snakemake.input.quality,
                *snakemake.input.evidence,
                *snakemake.input.reports,
                *snakemake.input.views,
                snakemake.input.page,
                snakemake.input.dashboard,
            ],
            list(snakemake.input.of_samples),
            list(snakemake.params.inputs),
            snakemake.input.pack,
            snakemake.params.config,
            dict(snakemake.output.items()),
        )

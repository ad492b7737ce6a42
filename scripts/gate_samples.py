"""The samples of a batch that were aligned, held against the thresholds of their assay."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.qc import alignments, gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], batch: str, settings: dict[str, Any], output: dict[str, str]
) -> None:
    """Gate metrics, identity and genes; a sample that fails becomes an outcome."""
    samples = alignments.aligned(tables.read_rows(inputs["samples"], schemas.SAMPLES))
    read = {
        name: [row for path in inputs[name] for row in tables.read_rows(path, schemas.TABLES[name])]
        for name in ("alignment_metrics", "coverage", "qc_outcomes", "identity")
    }
    rows = gates.gate(
        [row for row in samples if row["batch"] == batch],
        read["alignment_metrics"],
        read["coverage"],
        read["identity"],
        gates.failures(read["qc_outcomes"]),
        settings,
    )
    for name, path in output.items():
        tables.write(path, schemas.TABLES[name], (read | rows)[name])


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.batch,
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

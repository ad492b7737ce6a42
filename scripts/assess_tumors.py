"""Clonality and origin of the variants of a batch's tumors, two hits, expression beside the DNA."""

from typing import TYPE_CHECKING, Any

from apothecary import batch_rows, schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import expression, tumors
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], settings: dict[str, Any], output: dict[str, str]) -> None:
    """Assess the tumors that were read and whose subject consented."""
    given = settings["expression"]
    matrix = expression.read(given) if given else None
    pack = knowledge.load(inputs["pack"])
    rows = batch_rows.read(inputs)
    chosen = selection.samples_of_scope(
        rows["samples"], rows["consent"], rows["outcomes"] + gates.read(inputs).outcomes, "tumor"
    )
    made = tumors.assess(rows, chosen, matrix, pack, settings, next(iter(inputs["chain"]), ""))
    for name, found in made.items():
        tables.write(output[name], schemas.TABLES[name], found, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

"""How oncogenic the variants of the tumors of a batch are, with the evidence of each class."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import oncogenicity
from apothecary.oncogenes.sop.names import ONCOGENICITY_TABLES

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], settings: dict[str, Any], output: dict[str, str]) -> None:
    """Classify the variants of tumors; those of other samples are not asked about."""
    pack = knowledge.load(inputs["pack"])
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    classes, codes = oncogenicity.classify(
        selection.rows_of_role(
            tables.read_rows(inputs["variants"], schemas.VARIANTS), samples, "tumor"
        ),
        tables.read_rows(inputs["consequences"], schemas.CONSEQUENCES),
        pack,
        {name: inputs[name] for name in ONCOGENICITY_TABLES},
        settings,
    )
    tables.write(output["oncogenicity"], schemas.ONCOGENICITY, classes, knowledge=pack.digest)
    tables.write(
        output["oncogenicity_codes"], schemas.ONCOGENICITY_CODES, codes, knowledge=pack.digest
    )


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

"""The phenotypes of the diplotypes of a batch, by the genes and with the medicines taken."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, drugs, phenoconversion, phenotypes

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], output: str) -> None:
    """Assign functions, activity scores and phenotypes, and convert those that medicines change."""
    pack = knowledge.load(inputs["pack"])
    defined = definitions.from_pack(pack)
    rows = phenotypes.assign(tables.read_rows(inputs["diplotypes"], schemas.DIPLOTYPES), defined)
    taken = drugs.taken(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["medicines"], schemas.MEDICINES),
    )
    effects = phenoconversion.load(inputs["phenoconversion"], inputs["activity_scores"])
    scores = phenoconversion.guided_scores(defined)
    converted = phenoconversion.apply(rows, taken, effects, scores)
    tables.write(output, schemas.PHENOTYPES, converted, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.phenotypes)

"""The guidance for the phenotypes of a batch, and the conflicts among the medicines taken."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import (
    definitions,
    drugs,
    interactions,
    phenoconversion,
    recommendations,
    whole_guidelines,
)

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], matched: str, conflicts: str) -> None:
    """Match the phenotypes of every sample with the guidance of the pack."""
    pack = knowledge.load(inputs["pack"])
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    clinical = tables.read_rows(inputs["clinical"], schemas.CLINICAL)
    taken = drugs.taken(samples, tables.read_rows(inputs["medicines"], schemas.MEDICINES))
    phenotypes = tables.read_rows(inputs["phenotypes"], schemas.PHENOTYPES)
    positions = whole_guidelines.positions_of_samples(
        tables.read_rows(inputs["sites"], schemas.SITES), definitions.from_pack(pack)
    )
    rows = recommendations.match(phenotypes, pack, taken, positions)
    tables.write(matched, schemas.RECOMMENDATIONS, rows, knowledge=pack.digest)
    effects = phenoconversion.load(inputs["phenoconversion"], inputs["activity_scores"])
    smoking = interactions.smokers(samples, clinical)
    guided = interactions.guided_by(pack)
    found = interactions.find(phenotypes, taken, smoking, effects, guided)
    tables.write(conflicts, schemas.INTERACTIONS, found, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.output.recommendations,
            snakemake.output.interactions,
        )

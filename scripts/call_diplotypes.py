"""The diplotypes of every pharmacogene in every sample of a batch, or why there is none."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, diplotypes
from apothecary.pharmacogenes.diplotypes import MatchSettings
from apothecary.pharmacogenes.frequencies import Frequencies
from apothecary.qc import gates, withholding

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], settings: dict[str, Any], output: str) -> None:
    """Call the diplotypes of the samples that have sites."""
    pack = knowledge.load(inputs["pack"])
    sites = tables.read_rows(inputs["sites"], schemas.SITES)
    called = {row["sample_id"] for row in sites}
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    rows = diplotypes.call(
        sites,
        definitions.from_pack(pack, research_genes=settings["research_genes"]),
        MatchSettings.from_config(settings),
        tables.read_rows(inputs["outside_calls"], schemas.OUTSIDE_CALLS),
        [row for row in samples if row["sample_id"] in called],
        Frequencies.from_pack(pack),
        selection.populations(samples, tables.read_rows(inputs["clinical"], schemas.CLINICAL)),
    )
    rows = withholding.explain_diplotypes(rows, gates.read(inputs).gates)
    tables.write(output, schemas.DIPLOTYPES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            snakemake.output.diplotypes,
        )

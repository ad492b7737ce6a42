"""The doses of the medicines that the persons of a batch take."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.pharmacogenes import drugs
from apothecary.pharmacogenes.doses import calculate, models

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], dose_models: Sequence[str], output: str) -> None:
    """Calculate doses by the models and by the guidance that gives figures."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    rows = calculate.calculate(
        samples,
        drugs.taken(samples, tables.read_rows(inputs["medicines"], schemas.MEDICINES)),
        tables.read_rows(inputs["clinical"], schemas.CLINICAL),
        tables.read_rows(inputs["phenotypes"], schemas.PHENOTYPES),
        tables.read_rows(inputs["recommendations"], schemas.RECOMMENDATIONS),
        models.load(dose_models),
    )
    tables.write(output, schemas.DOSES, rows)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: str(path) for name, path in snakemake.input.items() if name != "models"},
            list(snakemake.input.models),
            snakemake.output.doses,
        )

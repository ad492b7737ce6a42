"""FHIR bundles of the Genomics Reporting guide, one a sample, from the report models of a batch."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary import files
from apothecary.fhir import bundle, codes
from apothecary.logs import logged
from apothecary.reports import write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], bundles: str) -> None:
    """Write `<sample_id>.json` for each sample of the batch."""
    reports = inputs.pop("reports")
    known = codes.load(inputs)
    for model in write.read_models(reports):
        path = Path(bundles) / f"{model['identity']['sample_id']}.json"
        files.write_compact_json(path, bundle.build(model, known))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.bundles)

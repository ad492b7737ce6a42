"""GA4GH alleles and statements of every sample of a batch, from the report models."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import files
from apothecary.logs import logged
from apothecary.reports import write
from apothecary.statements import alleles, evidence, pathogenicity, statements
from apothecary.variants.reference import Fasta

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], build: str, folder: str) -> None:
    """Write `<sample_id>.json` for each sample of the batch."""
    fasta = inputs["reference"]
    with tempfile.TemporaryDirectory() as work:
        source = statements.Source(
            alleles.read_accessions(inputs["accessions"]),
            evidence.read_vocabulary(inputs["predicates"], inputs["classes"]),
            pathogenicity.read_vocabulary(inputs["germline_classes"], inputs["germline_codes"]),
            {build: Fasta(fasta[0], work)} if fasta else {},
        )
        for model in write.read_models(inputs["reports"]):
            path = Path(folder) / f"{model['identity']['sample_id']}.json"
            files.write_json(path, statements.build(model, source))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.params.build,
            snakemake.output.statements,
        )

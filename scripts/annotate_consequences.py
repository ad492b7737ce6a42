"""What the variants of the tumors of a batch do to transcripts."""

import tempfile
from typing import TYPE_CHECKING

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import consequences

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], reference: dict[str, str], chain: str, output: str) -> None:
    """Annotate the variants of tumors; others are not asked for their consequences here."""
    pack = knowledge.load(inputs["pack"])
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    variants = selection.rows_of_role(
        tables.read_rows(inputs["variants"], schemas.VARIANTS), samples, "tumor"
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = consequences.annotate(
            variants,
            pack,
            reference["fasta"] or None,
            reference["gff"] or None,
            folder,
            reference["build"],
            chain,
        )
    tables.write(output, schemas.CONSEQUENCES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: snakemake.input[name] for name in ("samples", "variants", "pack")},
            dict(snakemake.params.reference),
            next(iter(snakemake.input.chain), ""),
            snakemake.output.consequences,
        )

"""What the variants of the tumors of a batch do to transcripts."""

import tempfile
from typing import TYPE_CHECKING

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import consequence_facts, consequences

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], facts: list[str], options: dict[str, str], output: str) -> None:
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
            options["fasta"] or None,
            options["gff"] or None,
            folder,
            options["build"],
            consequence_facts.read(facts),
            consequences.lift_of(variants, options["chain"]),
        )
    tables.write(output, schemas.CONSEQUENCES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: snakemake.input[name] for name in ("samples", "variants", "pack")},
            list(snakemake.input.facts),
            dict(snakemake.params.options),
            snakemake.output.consequences,
        )

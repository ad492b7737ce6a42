"""What the variants of the tumors of a batch do to transcripts, neighbours of one codon joined."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import sample_paths, schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import annotation, consequence_facts

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], config: dict[str, Any], output: dict[str, str]) -> None:
    """Annotate the variants of tumors; others are not asked for their consequences here."""
    pack = knowledge.load(inputs["pack"])
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    variants = selection.rows_of_role(
        tables.read_rows(inputs["variants"], schemas.VARIANTS), samples, "tumor"
    )
    with tempfile.TemporaryDirectory() as folder:
        named, neighbours = annotation.annotate(
            variants,
            sample_paths.with_alignments(samples, config["folder"], inputs["alignments"]),
            pack,
            consequence_facts.read(inputs["facts"]),
            annotation.Options.of(config),
            folder,
        )
    tables.write(output["consequences"], schemas.CONSEQUENCES, named, knowledge=pack.digest)
    tables.write(output["neighbours"], schemas.NEIGHBOURS, neighbours, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

"""The reference that reads are aligned to: checked, and indexed for the aligner."""

from typing import TYPE_CHECKING, Any

from apothecary.logs import logged
from apothecary.reads import reference

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(fasta: list[str], contigs: str, folder: str, options: dict[str, Any]) -> None:
    """Hold a FASTA against the known builds and write its targets and index."""
    known = reference.read_known(contigs)
    reference.prepare(fasta[0], known, folder, reference.ReferenceOptions(**options))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            list(snakemake.input.fasta),
            snakemake.input.contigs,
            snakemake.output.reference,
            dict(snakemake.params.options),
        )

"""The reads of a sample as duplicate-marked, sorted alignments in genome coordinates."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.hardening.bounded import Limits
from apothecary.logs import logged
from apothecary.reads import alignments
from apothecary.reads.lane_alignment import AlignmentOptions
from apothecary.reads.marked import AlignmentFiles

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    lanes: list[dict[str, Any]],
    folder: str,
    reference: str,
    output: dict[str, str],
    options: AlignmentOptions,
    limits: Limits,
) -> None:
    """Align the lanes of a sample; reads that cannot be taken become a row that says why."""
    path = Path(output["alignments"])
    out = AlignmentFiles(path, Path(output["index"]), f"alignments/{path.name}")
    found = alignments.align(lanes, Path(folder), Path(reference), out, options, limits)
    tables.write(output["alignment"], schemas.ALIGNMENTS, [found.alignment])
    tables.write(output["read_files"], schemas.READ_FILES, found.read_files)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.params.lanes,
            snakemake.params.folder,
            snakemake.input.reference,
            dict(snakemake.output.items()),
            AlignmentOptions(**snakemake.params.options, threads=snakemake.threads),
            Limits.of_resources(dict(snakemake.resources.items())),
        )

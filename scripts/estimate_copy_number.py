"""Copy number of the genes of a batch's tumors from the depth of their targets."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import batch_rows, schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import depth_batch
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], settings: dict[str, Any], output: str) -> None:
    """Hold each tumor that was measured against its normal, or against several normals."""
    pack = knowledge.load(inputs["pack"])
    fasta = inputs.pop("fasta", [])
    rows = batch_rows.read(inputs)
    read = selection.read_samples(rows["samples"], rows["outcomes"] + gates.read(inputs).outcomes)
    tumors = selection.samples_of_scope(read, rows["consent"], rows["outcomes"], "tumor")
    with tempfile.TemporaryDirectory() as work:
        found = depth_batch.estimate(
            tumors, read, rows.get("coverage", []), pack, list(fasta), work, settings
        )
    tables.write(output, schemas.TABLES["depth_copy_number"], found, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            snakemake.output.depth_copy_number,
        )

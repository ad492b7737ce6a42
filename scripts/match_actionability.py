"""What can be acted on in the tumors of a batch, and what speaks against reading them so."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import actionability, tumor_flags, unassessed
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], settings: dict[str, Any], output: dict[str, str]) -> None:
    """Match the findings of the tumors that were read with the evidence of the pack."""
    pack = knowledge.load(inputs["pack"])
    quality = gates.read(inputs)
    samples = selection.tumors_read(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["outcomes"], schemas.OUTCOMES) + quality.outcomes,
    )
    variants = tables.read_rows(inputs["variants"], schemas.VARIANTS)
    consequences = tables.read_rows(inputs["consequences"], schemas.CONSEQUENCES)
    copy_number = tables.read_rows(inputs["copy_number"], schemas.COPY_NUMBER)
    fusions = tables.read_rows(inputs["fusions"], schemas.FUSIONS)
    rows = actionability.match(
        variants, consequences, copy_number, fusions, samples, pack, settings
    )
    lost = gates.not_assessed_genes(quality.gates, "gene")
    rows = unassessed.tell(rows, samples, lost)
    flags = tumor_flags.assess_all(samples, variants, consequences, settings)
    tables.write(output["actionability"], schemas.ACTIONABILITY, rows, knowledge=pack.digest)
    tables.write(output["tumor_flags"], schemas.TUMOR_FLAGS, flags, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

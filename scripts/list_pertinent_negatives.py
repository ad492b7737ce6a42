"""The biomarkers with strong evidence in the tumor types of a batch, found there or not."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import (
    batch_tables,
    defining_fusions,
    evidence,
    markers,
    pertinent_negatives,
)
from apothecary.oncogenes import (
    cases as case_files,
)
from apothecary.oncogenes.settings import Settings
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], settings: dict[str, Any], output: str) -> None:
    """Look for the biomarkers in the tumors that were read and whose subject consented."""
    pack = knowledge.load(inputs["pack"])
    samples = selection.samples_of_scope(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["consent"], schemas.CONSENT),
        tables.read_rows(inputs["outcomes"], schemas.OUTCOMES) + gates.read(inputs).outcomes,
        "tumor",
    )
    chain = next(iter(inputs["chain"]), "")
    known, thresholds = evidence.index(pack, chain), Settings.of(settings)
    defining = defining_fusions.read(inputs["defining_fusions"])
    names_of = markers.load(inputs["markers"])
    batch = batch_tables.read(inputs)
    cases = case_files.of_batch(batch, samples, known, thresholds, defining, names_of)
    rows = pertinent_negatives.look(cases, known, thresholds)
    tables.write(output, schemas.TABLES["pertinent_negatives"], rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            snakemake.output.pertinent_negatives,
        )

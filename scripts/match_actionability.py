"""What can be acted on in the tumors of a batch, and what speaks against reading them so."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import (
    actionability,
    approvals,
    batch_tables,
    defining_fusions,
    escat,
    evidence,
    markers,
    unassessed,
)
from apothecary.oncogenes import (
    cases as case_files,
)
from apothecary.oncogenes.settings import Settings
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], settings: dict[str, Any], output: dict[str, str]) -> None:
    """Match the findings of the tumors that were read with the evidence of the pack."""
    pack = knowledge.load(inputs["pack"])
    quality = gates.read(inputs)
    outcomes = tables.read_rows(inputs["outcomes"], schemas.OUTCOMES) + quality.outcomes
    samples = selection.tumors_read(tables.read_rows(inputs["samples"], schemas.SAMPLES), outcomes)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    chain = next(iter(inputs["chain"]), "")
    known, thresholds = evidence.index(pack, chain), Settings.of(settings)
    defining = defining_fusions.read(inputs["defining_fusions"])
    names_of = markers.load(inputs["markers"])
    batch = batch_tables.read(inputs)
    cases = list(case_files.of_batch(batch, samples, known, thresholds, defining, names_of))
    granted = selection.samples_of_scope(samples, consent, outcomes, "tumor")
    names = {sample["sample_id"] for sample in granted}
    open_cases = [case for case in cases if case.sample["sample_id"] in names]
    rules = escat.read(inputs["escat_rules"])
    matched = actionability.match(open_cases, known, thresholds, rules)
    lost = gates.not_assessed_genes(quality.gates, "gene")
    found = {
        "actionability": unassessed.tell(matched, [case.sample for case in open_cases], lost),
        "approvals": approvals.match(open_cases, known, thresholds),
        "tumor_flags": [flag for case in cases for flag in case.flags],
    }
    for name, rows in found.items():
        tables.write(output[name], schemas.TABLES[name], rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

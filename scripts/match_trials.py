"""The tumor patients of a batch held against the trials of the configuration."""

from typing import TYPE_CHECKING, Any

from apothecary import batch_rows, schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.qc import gates
from apothecary.trials import batch, diagnoses, documents, match, patients, terms

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], settings: dict[str, Any], output: dict[str, str]) -> None:
    """Match the tumors that were read and whose subject consented."""
    trials = documents.read(list(inputs.pop("trials", [])))
    pack = knowledge.load(inputs["pack"])
    rows = batch_rows.read(inputs)
    chosen = selection.samples_of_scope(
        rows["samples"], rows["consent"], rows["outcomes"] + gates.read(inputs).outcomes, "tumor"
    )
    chain = next(iter(inputs["chain"]), "")
    people = patients.load_all(chosen, rows, pack, settings["absent_is_negative"], chain)
    asked = terms.load(inputs["ctml_terms"])
    matched, ledger = match.match(trials, people, diagnoses.load(pack), asked)
    subjects = {row["sample_id"]: row["subject_id"] for row in chosen}
    made = {
        "trials": matched,
        "trial_criteria": ledger,
        "trial_counts": batch.count(matched, subjects, settings["min_cell"]),
    }
    for name, found in made.items():
        tables.write(output[name], schemas.TABLES[name], found, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

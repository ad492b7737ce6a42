"""Sheets to the tables samples, clinical, medicines and consent."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import plan, schemas, tables
from apothecary.logs import logged
from apothecary.pharmacogenes import drugs

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(config: dict[str, Any], root: str, outputs: dict[str, str]) -> None:
    """Read and check the sheets that `config` names, and find the medicines in the dictionary."""
    checked = plan.load(config, Path(root), "config")
    dictionary = drugs.load(checked.drug_tables["drugs"], checked.drug_tables["salt_forms"])
    medicines = drugs.resolve(checked.sheets.clinical, dictionary)
    tables.write(outputs["samples"], schemas.SAMPLES, checked.sheets.samples)
    tables.write(outputs["clinical"], schemas.CLINICAL, checked.sheets.clinical)
    tables.write(outputs["medicines"], schemas.MEDICINES, medicines)
    tables.write(outputs["consent"], schemas.CONSENT, checked.sheets.consent)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(snakemake.params.config, snakemake.params.root, dict(snakemake.output.items()))

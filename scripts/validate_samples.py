"""Sheets to the tables samples, clinical, consent and orders."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import plan, schemas, tables
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    config: dict[str, Any], root: str, samples: str, clinical: str, consent: str, orders: str
) -> None:
    """Read and check the sheets that `config` names; write one table a sheet."""
    checked = plan.load(config, Path(root), "config")
    tables.write(samples, schemas.SAMPLES, checked.sheets.samples)
    tables.write(clinical, schemas.CLINICAL, checked.sheets.clinical)
    tables.write(consent, schemas.CONSENT, checked.sheets.consent)
    tables.write(orders, schemas.ORDERS, checked.sheets.orders)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(snakemake.params.config, snakemake.params.root, **dict(snakemake.output.items()))

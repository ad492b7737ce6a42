"""The polygenic scores of a batch's germline samples whose subjects consented to them."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import batch_rows, tables
from apothecary.hardening.bounded import Limits
from apothecary.logs import logged
from apothecary.risk import batch, installed, scores
from apothecary.risk.schemas import RISK

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], config: dict[str, Any], output: str, limits: Limits) -> None:
    """Sum the installed scores; what stops one stands in its row."""
    rows = batch_rows.read({name: inputs[name] for name in batch.TABLES if name in inputs})
    scored = batch.of_rows(rows, list(inputs["calls"]), config["folder"])
    known = installed.load(config["risk"], limits)
    with tempfile.TemporaryDirectory() as work_folder:
        found = scores.score(scored, known, config, work_folder, limits)
    tables.write(output, RISK, found)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.config),
            snakemake.output.risk,
            Limits.of_resources(dict(snakemake.resources.items())),
        )

"""CDS Hooks cards, one file a sample, from the report models of a batch."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary import cards, files
from apothecary.logs import logged
from apothecary.reports import write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(reports: str, indicators: str, folder: str) -> None:
    """Write `<sample_id>.json` for each sample of the batch."""
    urgency = cards.load_indicators(indicators)
    for model in write.read_models(reports):
        path = Path(folder) / f"{model['identity']['sample_id']}.json"
        files.write_json(path, {"cards": cards.cards(model, urgency)})


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(snakemake.input.reports, snakemake.input.indicators, snakemake.output.cards)

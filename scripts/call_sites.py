"""The state of every definition position in every sample of a batch that is called."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, sites
from apothecary.pharmacogenes.observations import SiteSettings
from apothecary.qc import gates

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], settings: dict[str, Any], output: str) -> None:
    """Call the sites of the samples whose subjects consented to pharmacogenes."""
    pack = knowledge.load(inputs["pack"])
    quality = gates.read(inputs)
    samples = selection.samples_of_scope(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["consent"], schemas.CONSENT),
        tables.read_rows(inputs["outcomes"], schemas.OUTCOMES) + quality.outcomes,
        "pharmacogenes",
    )
    chosen = {row["sample_id"] for row in samples}
    variants = tables.read_rows(inputs["variants"], schemas.VARIANTS)
    rows = sites.call(
        [row for row in variants if row["sample_id"] in chosen],
        definitions.from_pack(pack),
        SiteSettings.from_config(settings),
        samples,
    )
    rows = gates.withhold_sites(rows, quality.coverage)
    tables.write(output, schemas.SITES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), dict(snakemake.params.settings), snakemake.output.sites)

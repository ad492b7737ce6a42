"""The state of every definition position in every sample of a batch that is called."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import sample_paths, schemas, selection, tables
from apothecary.hardening.bounded import Limits
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, read_backing, sites
from apothecary.pharmacogenes.observations import SiteSettings
from apothecary.qc import gates, withholding

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], folder: str, config: dict[str, Any], output: str, limits: Limits
) -> None:
    """Call the sites of the samples whose subjects consented to pharmacogenes."""
    pack = knowledge.load(inputs["pack"])
    quality = gates.read(inputs)
    outcomes = tables.read_rows(inputs["outcomes"], schemas.OUTCOMES)
    samples = selection.samples_of_scope(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["consent"], schemas.CONSENT),
        outcomes + quality.outcomes,
        "pharmacogenes",
    )
    chosen = {row["sample_id"] for row in samples}
    variants = tables.read_rows(inputs["variants"], schemas.VARIANTS)
    research = config["pharmacogenes"]["research_genes"]
    known = definitions.from_pack(pack, research_genes=research)
    with tempfile.TemporaryDirectory() as work_folder:
        rows = sites.call(
            [row for row in variants if row["sample_id"] in chosen],
            known,
            SiteSettings.from_config(config["pharmacogenes"]),
            samples,
            read_backing.finder(
                sample_paths.located(samples, folder), known, config, work_folder, limits
            ),
            {row["sample_id"]: row["build"] for row in outcomes},
        )
    rows = withholding.withhold_sites(rows, quality.coverage)
    tables.write(output, schemas.SITES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.params.config["folder"],
            dict(snakemake.params.config),
            snakemake.output.sites,
            Limits.of_resources(dict(snakemake.resources.items())),
        )

"""Contamination, sex, relations and ancestry of the samples of a batch that were aligned."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.qc import alignments, fingerprints, identity, snps, target_sites

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], batch: str, settings: dict[str, Any], output: dict[str, str]
) -> None:
    """Compare the samples of the batch with all of the run and with those kept."""
    every = alignments.aligned(tables.read_rows(inputs["samples"], schemas.SAMPLES))
    samples = [row for row in every if row["batch"] == batch]
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    prints = identity.Prints(
        run=fingerprints.read(inputs["fingerprints"]),
        kept=fingerprints.read(inputs["kept"]),
        targets=target_sites.read(inputs["target_genotypes"]),
    )
    known = snps.load(inputs["snps"], inputs["allele_counts"])
    ratios = identity.sex_ratios(
        row
        for path in inputs["metrics"]
        for row in tables.read_rows(path, schemas.TABLES["alignment_metrics"])
    )
    own = [row for sample in samples for row in prints.run.get(sample["sample_id"], ())]
    rows = {
        "identity": identity.assess(samples, every, prints, ratios, known, settings),
        "fingerprints": own,
        "ancestry": identity.estimate_ancestry(samples, consent, prints, known, settings),
    }
    for name, path in output.items():
        tables.write(path, schemas.TABLES[name], rows[name])


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.batch,
            dict(snakemake.params.settings),
            dict(snakemake.output.items()),
        )

"""What the reads of a tumor say at every known variant."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import attempt, of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.qc import gates, withholding

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], sample_id: str, params: Any, evidence: str) -> None:
    """Genotype the known variants, where the subject consented to it and the reads can be used."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    normal = selection.normal_of(samples, sample) if inputs["normal"] else None
    quality = gates.read(inputs)
    outcomes = [row for row in quality.outcomes if row["sample_id"] == sample_id]
    for path in (inputs["measured"], *inputs["normal_measured"]):
        outcomes += tables.read_rows(path, schemas.QC_OUTCOMES)
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.request(
            sample, consent, inputs["alignment"], pack, dict(params.config), Path(folder)
        )
        rows: list[dict[str, Any]] = []
        # Why there are none is told by call_somatic, which looks at the same reads.
        attempt.attempt(
            sample_id,
            "genotype_hotspots",
            attempt.refusal(outcomes),
            lambda: rows.extend(of_sample.genotype_hotspots(request, normal, inputs["normal"])),
            rows.clear,
        )
    rows = withholding.withhold_hotspots(rows, quality.coverage, sample, params.limits)
    tables.write(evidence, schemas.HOTSPOT_EVIDENCE, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            snakemake.params,
            snakemake.output.hotspot_evidence,
        )

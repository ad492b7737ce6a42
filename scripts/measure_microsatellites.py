"""The lengths of homopolymers in the reads of a tumor, and of its normal where there is one."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import attempt, of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes.biomarkers import of_reads

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any],
    sample_id: str,
    config: dict[str, Any],
    settings: dict[str, Any],
    microsatellites: str,
) -> None:
    """Measure the tumor, where the subject consented to it and the reads can be used."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    normal = selection.normal_of(samples, sample) if inputs["normal"] else None
    measured = [inputs["measured"], *inputs["normal_measured"]]
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.request(
            sample, consent, inputs["alignment"], pack, config, Path(folder)
        )
        # Why there are none is told by call_somatic, which looks at the same reads.
        attempt.attempt(
            sample_id,
            "measure_microsatellites",
            attempt.refusal(
                row for path in measured for row in tables.read_rows(path, schemas.QC_OUTCOMES)
            ),
            lambda: rows.extend(of_reads.measure(request, normal, inputs["normal"], settings)),
            rows.clear,
        )
    tables.write(microsatellites, schemas.MICROSATELLITES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            dict(snakemake.params.settings),
            snakemake.output.microsatellites,
        )

"""The somatic candidates of a tumor, with its normal where the sheet has one."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import attempt, of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, Any], sample_id: str, config: dict[str, Any], output: dict[str, str]
) -> None:
    """Call the tumor, where the subject consented to it; what fails becomes an outcome."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    normal = selection.normal_of(samples, sample) if inputs["normal"] else None
    measured = [inputs["measured"], *inputs["normal_measured"]]
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.request(
            sample, consent, inputs["alignment"], pack, config, Path(folder)
        )
        columns = [str(row["sample_in_file"]) for row in (sample, normal) if row]
        outcome = attempt.attempt(
            sample_id,
            "call_somatic",
            attempt.refusal(
                row for path in measured for row in tables.read_rows(path, schemas.QC_OUTCOMES)
            ),
            lambda: of_sample.call_somatic(request, output["calls"], normal, inputs["normal"]),
            lambda: attempt.write_nothing(output["calls"], columns),
        )
    tables.write(output["outcomes"], schemas.OUTCOMES, [outcome], knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

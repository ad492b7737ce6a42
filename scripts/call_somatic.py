"""The somatic candidates of a tumor, with its normal where the sheet has one."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    inputs: dict[str, str],
    normal_alignment: str,
    sample_id: str,
    config: dict[str, Any],
    calls: str,
) -> None:
    """Call the tumor, where the subject consented to it."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    normal = selection.normal_of(samples, sample) if normal_alignment else None
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.Request(
            sample, consent, inputs["alignment"], pack, config, Path(folder)
        )
        of_sample.call_somatic(request, calls, normal, normal_alignment)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: snakemake.input[name] for name in ("samples", "consent", "alignment", "pack")},
            snakemake.input.normal[0] if snakemake.input.normal else "",
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            snakemake.output.calls,
        )

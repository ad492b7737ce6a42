"""The germline calls of a sample: genotypes over targets, reference seen at every definition."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.calling import of_sample
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], sample_id: str, config: dict[str, Any], calls: str) -> None:
    """Call what the subject consented to."""
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    consent = tables.read_rows(inputs["consent"], schemas.CONSENT)
    pack = knowledge.load(inputs["pack"])
    sample = selection.sample(samples, sample_id)
    with tempfile.TemporaryDirectory() as folder:
        request = of_sample.Request(
            sample, consent, inputs["alignment"], pack, config, Path(folder)
        )
        of_sample.call_germline(request, calls)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            {name: snakemake.input[name] for name in ("samples", "consent", "alignment", "pack")},
            snakemake.wildcards.sample,
            dict(snakemake.params.config),
            snakemake.output.calls,
        )

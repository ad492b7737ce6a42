"""What the germline variants of a batch mean, in the genes that their persons agreed to."""

import tempfile
from typing import TYPE_CHECKING, Any

from apothecary import schemas, selection, tables
from apothecary.germline import findings
from apothecary.germline.findings import Batch
from apothecary.germline.names import GERMLINE_TABLES, SCORE_TABLES
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.oncogenes import consequence_facts

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], config: dict[str, Any], output: dict[str, str]) -> None:
    """Classify the variants of genes agreed to; no other gene is looked at."""
    pack = knowledge.load(inputs["pack"])
    samples, consent, outcomes, variants = (
        tables.read_rows(inputs[table.name], table)
        for table in (schemas.SAMPLES, schemas.CONSENT, schemas.OUTCOMES, schemas.VARIANTS)
    )
    with tempfile.TemporaryDirectory() as folder:
        classified = findings.classify(
            Batch(selection.read_samples(samples, outcomes), consent, variants),
            pack,
            {name: inputs[name] for name in (*GERMLINE_TABLES, *SCORE_TABLES)},
            consequence_facts.read(inputs["facts"]),
            config,
            folder,
        )
        declared = schemas.TABLES["germline_findings"]
        tables.write(output["germline_findings"], declared, classified, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            dict(snakemake.input.items()),
            dict(snakemake.params.config),
            dict(snakemake.output.items()),
        )

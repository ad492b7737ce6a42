"""Call genes with PyPGx; run by `pypgx_peer.py` in the environment of PyPGx.

    python pypgx_run.py FILES BUILD OUT

FILES names gene and bgzipped, indexed VCF on each line. OUT is a table of sample, gene and
genotype; a gene that PyPGx refuses has one row without a sample, and the reason.
"""

import csv
import sys
import warnings
from pathlib import Path

from pypgx.api import genotype, utils


def call_gene(gene: str, file: Path, build: str) -> dict[str, str]:
    """Genotype by sample, by the steps that PyPGx documents."""
    imported = utils.import_variants(gene, str(file), assembly=build)
    if imported.type != "VcfFrame[Consolidated]":
        raise ValueError("the genotypes are not phased throughout")
    called = genotype.call_genotypes(alleles=utils.predict_alleles(imported))
    utils.call_phenotypes(called)
    return {str(name): str(one) for name, one in called.data["Genotype"].items()}


def main(listed: Path, build: str, written: Path) -> None:
    warnings.simplefilter("ignore")
    with written.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, delimiter="\t", lineterminator="\n")
        table.writerow(("sample", "gene", "genotype"))
        for line in listed.read_text(encoding="utf-8").splitlines():
            gene, file = line.split("\t")
            try:
                found = call_gene(gene, Path(file), build)
            except Exception as error:  # the reason is shown beside the figures
                table.writerow(("", gene, f"{type(error).__name__}: {error}".splitlines()[0]))
                continue
            table.writerows((sample, gene, one) for sample, one in sorted(found.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))

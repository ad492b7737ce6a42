"""A batch of tumors: CPU seconds of the whole run, and mutated samples by gene against the file.

    APOTHECARY_SHARED=... python benchmarks/tumor_batch.py [--cores N]

The 193 patients of the TCGA AML MAF are one batch; the bar is 60 s of CPU, Snakemake and the build
of the knowledge pack included. Samples with a counted variant in FLT3, NPM1, IDH1, IDH2 and DNMT3A
are held against a plain count of the lines of the MAF.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary import schemas, tables  # noqa: E402

BAR = 60.0
GENES = ("FLT3", "NPM1", "IDH1", "IDH2", "DNMT3A")


def main() -> int:
    """Run the batch in a folder of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cores", type=int, default=2)
    cores = parser.parse_args().cores
    maf = Path(os.environ["APOTHECARY_SHARED"]).resolve() / "data" / "truth" / "tcga_laml.maf.gz"
    names, lines = read(maf)
    with tempfile.TemporaryDirectory() as folder:
        config = write_sheets(Path(folder), maf, names)
        command = [sys.executable, "-m", "apothecary.cli", "run", "--config", str(config)]
        command += ["--out", str(Path(folder, "out")), "--cores", str(cores)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return 1
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = used.ru_utime + used.ru_stime
        print(f"{len(names)} tumors: {spent:.1f} CPU-s, bar {BAR:g}")
        counts = by_gene(Path(folder, "out", "tables", "aml"))
    for gene in GENES:
        print(f"{gene}: {counts[gene]} samples, {lines[gene]} in the file")
    return 0 if spent <= BAR and all(counts[g] == lines[g] for g in GENES) else 1


def read(maf: Path) -> tuple[list[str], Counter[str]]:
    """Samples of a MAF, and how many of them have a line of each gene."""
    with gzip.open(maf, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader((x for x in stream if x[0] != "#"), delimiter="\t"))
    names = list(dict.fromkeys(row["Tumor_Sample_Barcode"] for row in rows))
    pairs = {(row["Hugo_Symbol"], row["Tumor_Sample_Barcode"]) for row in rows}
    return names, Counter(gene for gene, _ in pairs)


def by_gene(folder: Path) -> Counter[str]:
    """How many samples have a variant that a table of the batch names in each gene."""
    named: dict[tuple[str, ...], set[str]] = {}
    key = ("build", "chrom", "pos", "ref", "alt")
    for row in tables.read_rows(folder / "consequences.parquet", schemas.CONSEQUENCES):
        if row["gene"]:
            named.setdefault(tuple(str(row[name]) for name in key), set()).add(row["gene"])
    variants = tables.read_rows(folder / "variants.parquet", schemas.VARIANTS)
    pairs = {
        (gene, row["sample_id"])
        for row in variants
        for gene in named.get(tuple(str(row[name]) for name in key), ())
    }
    return Counter(gene for gene, _ in pairs)


def write_sheets(folder: Path, maf: Path, names: list[str]) -> Path:
    """The sheets and the configuration of the run."""
    head = "sample_id subject_id role assay tumor_type input format build batch sample_in_file"
    rows = [head.split()]
    rows += [[n, n, "tumor", "exome", "AML", str(maf), "maf", "auto", "aml", n] for n in names]
    consent = [["subject_id", "scope", "decision"], *([n, "tumor", "yes"] for n in names)]
    for name, lines in (("samples", rows), ("consent", consent)):
        text = "".join("\t".join(line) + "\n" for line in lines)
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(
        f"samples: {folder}/samples.tsv\nconsent: {folder}/consent.tsv\n"
        "batch_size: 200\ninputs: {symlinks: true}\n",
        encoding="utf-8",
    )
    return config


if __name__ == "__main__":
    sys.exit(main())

"""Precision and recall of variant files before and after our filters, by class of variant.

    APOTHECARY_SHARED=... python benchmarks/variant_filtering.py

- som.py's admixture: Strelka's passing calls of NA12878 in NA12877, chr22, against the variants
  that only NA12878 has. Calls beside the truth count as false only within the regions that the
  data give for that; elsewhere nobody knows.
- HG002, chr1:1-5 Mb: the query set that comes with GIAB's truth, within its confident regions.

Comparison: alleles, in the spelling that our reader gives them, by chromosome, position, REF and
ALT; genotypes are not compared, and one change in two spellings of several records is not seen as
one (no tool that compares haplotypes installs from PyPI or Debian). No reference sequence of these
chromosomes is at hand, so that indels are trimmed but not moved. The Platinum truth of NA12878
(chr21) comes without a query set and is left out.

Thresholds are those of the configuration's defaults for tumors (genome) and germline.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary import settings, sheets  # noqa: E402
from apothecary.calling import targets  # noqa: E402
from apothecary.variants import read  # noqa: E402
from apothecary.variants.regions import EVERYTHING, Spans  # noqa: E402

CLASSES = ("SNV", "insertion", "deletion")

Allele = tuple[str, int, str, str]


@dataclass(frozen=True)
class Calls:
    """The alleles of files: all of them, and those that our filters keep."""

    every: frozenset[Allele]
    kept: frozenset[Allele]


def configuration() -> dict[str, Any]:
    schema = sheets.load_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    return settings.check({"samples": "none"}, schema, "defaults")


def alleles(files: Sequence[Path], column: str, role: str) -> Calls:
    """The alleles that a sample carries, through the reader of the pipeline."""
    every, kept = set(), set()
    config = configuration()
    for file in files:
        sample = {
            "sample_id": column,
            "input": str(file),
            "index": "",
            "format": "vcf",
            "build": "GRCh38",
            "role": role,
            "assay": "genome",
            "sex": "unknown",
            "sample_in_file": column,
        }
        regions = {column: dict.fromkeys(("GRCh38", "GRCh37"), EVERYTHING)}
        with tempfile.TemporaryDirectory() as folder:
            found = read.read_variants([sample], regions, (), config, folder)
        if found.outcomes[0]["status"] == "failed":
            raise SystemExit(found.outcomes[0]["reason"])
        for row in found.variants:
            if row["allele_index"]:
                allele = (row["chrom"], row["pos"], row["ref"], row["alt"])
                every.add(allele)
                if row["fate"] == "kept":
                    kept.add(allele)
    return Calls(frozenset(every), frozenset(kept))


def regions(path: Path) -> Spans:
    """The regions of a BED, gzipped or not."""
    if path.suffix != ".gz":
        return Spans(targets.read_bed(path))
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "regions.bed"
        plain.write_bytes(gzip.decompress(path.read_bytes()))
        return Spans(targets.read_bed(plain))


def kind(allele: Allele) -> str | None:
    """The class of an allele; None for those that are none of `CLASSES`."""
    _, _, ref, alt = allele
    if len(ref) == len(alt):
        return "SNV" if len(ref) == 1 else None
    return "insertion" if len(alt) > len(ref) else "deletion"


def within(found: Iterable[Allele], spans: Spans) -> set[Allele]:
    return {a for a in found if spans.overlaps(a[0], a[1], a[1] + len(a[2]) - 1)}


def table(truth: Iterable[Allele], calls: Mapping[str, Iterable[Allele]]) -> list[list[str]]:
    """Rows of figures by class, for each set of calls."""
    rows = []
    expected = set(truth)
    for name in CLASSES:
        wanted = {a for a in expected if kind(a) == name}
        for when, found in calls.items():
            got = {a for a in found if kind(a) == name}
            right = len(got & wanted)
            recall = right / len(wanted) if wanted else float("nan")
            precision = right / len(got) if got else float("nan")
            figures = (f"{recall:.4f}", f"{precision:.4f}", str(len(wanted)), str(len(got)))
            rows.append([name, when, *figures])
    return rows


def show(title: str, rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}")
    for row in (["class", "filters", "recall", "precision", "truth", "calls"], *rows):
        print("  " + "  ".join(cell.ljust(10) for cell in row).rstrip())


def admixture(folder: Path) -> list[list[str]]:
    kinds = ("snvs", "indels")
    truth = alleles(
        [folder / f"PG_admix_truth_grch38_{k}.vcf.gz" for k in kinds], "NA12878", "germline"
    )
    query = alleles(
        [folder / f"strelka_grch38_admix_pass_{k}.vcf.gz" for k in kinds], "NA12878_c40", "tumor"
    )
    false_regions = regions(folder / "FP_admix_grch38.bed.gz")
    judged = {
        when: (found & truth.every) | within(found - truth.every, false_regions)
        for when, found in (("before", query.every), ("after", query.kept))
    }
    return table(truth.every, judged)


def germline(folder: Path) -> list[list[str]]:
    confident = regions(folder / "HG002_NISTv4.2.1_chr1_5Mb.bed")
    truth = alleles([folder / "HG002_NISTv4.2.1_chr1_5Mb.vcf.gz"], "TRUTH", "germline")
    query = alleles([folder / "HG002_chr1_5Mb_query.vcf.gz"], "QUERY", "germline")
    judged = {"before": within(query.every, confident), "after": within(query.kept, confident)}
    return table(within(truth.every, confident), judged)


def main() -> int:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        print("APOTHECARY_SHARED is not set: the data are not at hand")
        return 0
    folder = Path(shared) / "data" / "truth"
    show("som.py admixture, Strelka, chr22 (tumor thresholds)", admixture(folder / "sompy"))
    show("HG002, chr1:1-5 Mb, query set (germline thresholds)", germline(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())

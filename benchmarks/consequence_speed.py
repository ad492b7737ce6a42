"""Seconds to annotate a made-up tumor of 100,000 variants, against the 20 that are allowed.

    APOTHECARY_SHARED=... python benchmarks/consequence_speed.py

The variants are drawn over the slices of the regression data that have gene models, so that every
one lies in or near a gene that a report may name: 80 in 100 substitutions, the others insertions
and deletions of 1 to 12 bases. This is denser than a tumor, most of whose variants lie between
genes and cost nothing. Knowledge and gene models are read within the time that is measured.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary.knowledge import build  # noqa: E402
from apothecary.oncogenes import consequence_facts, consequences  # noqa: E402
from apothecary.oncogenes.gene_models import Reference, read_gff  # noqa: E402

ALLOWED_SECONDS = 20


def drawn(reference: Reference, gff: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """Rows of the table `variants`, as far as consequences are asked for them."""
    spans = sorted({(t.chrom, t.start, t.end) for t in read_gff(gff)})
    held = [span for span in spans if reference.holds(*span)]
    weights = [end - start for _, start, end in held]
    source = random.Random(seed)
    found: dict[tuple[str, int, str, str], dict[str, Any]] = {}
    while len(found) < count:
        chrom, start, end = source.choices(held, weights)[0]
        pos = source.randint(start, end - 20)
        length = source.randint(1, 12)
        bases = reference.bases(chrom, pos, pos + length)
        kind = source.random()
        if kind < 0.8:
            ref = bases[0]
            alt = source.choice([base for base in "ACGT" if base != ref])
        elif kind < 0.9:
            ref, alt = bases[0], bases[0] + "".join(source.choices("ACGT", k=length))
        else:
            ref, alt = bases, bases[0]
        found[chrom, pos, ref, alt] = {
            "build": "GRCh38",
            "chrom": chrom,
            "pos": pos,
            "ref": ref,
            "alt": alt,
            "fate": "kept",
            "allele_index": 1,
            "annotation": None,
        }
    return list(found.values())


def main() -> None:
    """Draw, annotate, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--variants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    data = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "reference"
    facts = consequence_facts.read(sorted((ROOT / "resources" / "consequences").glob("*.tsv")))
    with tempfile.TemporaryDirectory() as folder:
        fasta = Path(folder) / "slices.fa"
        with gzip.open(data / "oncogene_slices.fa.gz", "rt") as stream:
            fasta.write_text(stream.read())
        gff = data / "genes_ensembl.gff3.gz"
        variants = drawn(Reference(fasta), gff, given.variants, given.seed)
        pack = build.build(ROOT / "resources" / "knowledge", Path(folder) / "pack")
        started, used = time.perf_counter(), sum(os.times()[:4])
        rows = consequences.annotate(variants, pack, fasta, gff, folder, facts=facts)
        wall, cpu = time.perf_counter() - started, sum(os.times()[:4]) - used
    named = Counter(row["method"] for row in rows)
    in_hgvs = sum(row["hgvs_c"] is not None for row in rows)
    print(f"{len(variants)} variants, {len(rows)} rows ({dict(named)}), {in_hgvs} with a c. name")
    print(f"{wall:.1f} s, {cpu:.1f} s of CPU, bcftools csq among them")
    print(f"load of the machine: {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
    print(f"allowed: {ALLOWED_SECONDS} s")


if __name__ == "__main__":
    main()

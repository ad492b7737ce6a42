"""Somatic calling of simulated tumors: what is found by allele fraction, and what is false.

    APOTHECARY_SHARED=... python benchmarks/somatic_calling.py [--depth N] [--seed N]

SNVs and short indels are put at random places of TP53 and CDKN2A, each at one of four allele
fractions, into reads that `apothecary.calling.simulation` makes (fixed seed, error model of our
own, which has no biases: strand, orientation and mapping filters are not tried by it). Tumor and
normal are aligned by minimap2 and called with the defaults of the configuration.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "calling")]

from calling_builders import align, read_slices  # noqa: E402

from apothecary import settings, sheets  # noqa: E402
from apothecary.calling import simulation, somatic  # noqa: E402
from apothecary.calling.simulation import Change  # noqa: E402
from apothecary.variants.normalise import normalise  # noqa: E402
from apothecary.variants.reference import Fasta  # noqa: E402

FRACTIONS = (0.02, 0.05, 0.1, 0.2)
SPACING = 150
EDGE = 400


def planted(text: str, start: int, dice: random.Random) -> dict[float, list[Change]]:
    """Changes by allele fraction: three SNVs to one indel, at even steps with some play."""
    found: dict[float, list[Change]] = {fraction: [] for fraction in FRACTIONS}
    for number, step in enumerate(range(EDGE, len(text) - EDGE, SPACING)):
        at = step + dice.randrange(SPACING // 3)
        base = text[at]
        if number % 4 < 3:
            change = Change(start + at, base, dice.choice([b for b in "ACGT" if b != base]))
        elif dice.random() < 0.5:
            change = Change(start + at, text[at : at + dice.randrange(2, 9)], base)
        else:
            added = "".join(dice.choices("ACGT", k=dice.randrange(1, 8)))
            change = Change(start + at, base, base + added)
        found[FRACTIONS[dice.randrange(len(FRACTIONS))]].append(change)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        print("APOTHECARY_SHARED is not set: the data are not at hand")
        return 0
    fasta = Path(shared) / "data" / "reference" / "grch38_slices.fa.gz"
    slices = read_slices(fasta, ("TP53", "CDKN2A"))
    dice = random.Random(options.seed)
    schema = sheets.load_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    config = settings.check({"samples": "none"}, schema, "defaults")["calling"]
    truth: dict[tuple[str, int, str, str], float] = {}
    tumor, normal = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference = Fasta(fasta, folder / "fasta")
        for number, ((chrom, start), text) in enumerate(slices.items()):
            seed = 100 * options.seed + 10 * number
            left = 1 - sum(FRACTIONS)
            tumor += simulation.pairs(text, options.depth * left, seed, f"p{number}")
            normal += simulation.pairs(text, 40, seed + 9, f"n{number}")
            for order, (fraction, changes) in enumerate(planted(text, start, dice).items()):
                clone = simulation.haplotype(text, start, changes)
                depth = options.depth * fraction
                tumor += simulation.pairs(clone, depth, seed + order + 1, f"c{number}.{order}")
                for change in changes:
                    one = normalise(chrom, *change, reference)
                    truth[chrom, one.pos, one.ref, one.alt] = fraction
        opened = []
        for label, reads in (("tumor", tumor), ("normal", normal)):
            files = (folder / f"{label}.1.fastq", folder / f"{label}.2.fastq")
            for path, body in zip(files, simulation.fastq(reads), strict=True):
                path.write_text(body, encoding="utf-8")
            bam = align([files], slices, folder, label)
            opened.append(files.look(str(bam), "GRCh38"))
        spans = [(c, at + EDGE, at + len(text) - EDGE) for (c, at), text in slices.items()]
        called = somatic.call(
            *opened, reference, spans, frozenset(), somatic.SomaticSettings.from_config(config)
        )
    passing = {(c.chrom, c.pos, c.ref, c.alt) for c in called if not c.filters}
    print(f"tumor {options.depth:g} reads deep, normal 40")
    print("fraction  class  planted  found")
    for fraction in FRACTIONS:
        for kind in ("SNV", "indel"):
            wanted = {
                a for a, f in truth.items()
                if f == fraction and (len(a[2]) == len(a[3])) == (kind == "SNV")
            }  # fmt: skip
            found = len(wanted & passing) / len(wanted)
            print(f"{fraction:8g}  {kind:5}  {len(wanted):7}  {found:.3f}")
    false = passing - set(truth)
    bases = sum(end - start + 1 for _, start, end in spans)
    print(f"false among those that pass: {len(false)} of {len(passing)}, in {bases} bases")
    reasons = Counter(
        name for c in called if (c.chrom, c.pos, c.ref, c.alt) in truth for name in c.filters
    )
    print(f"filters of planted changes: {dict(sorted(reasons.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

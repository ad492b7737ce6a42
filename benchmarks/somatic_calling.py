"""Somatic calling of simulated tumors: what is found by allele fraction, and what is false.

    APOTHECARY_SHARED=... python benchmarks/somatic_calling.py [--depth N] [--seed N]

SNVs and short indels are put at random places of TP53 and CDKN2A, each at one of four allele
fractions, into reads that `apothecary.calling.simulation` makes (fixed seed, error model of our
own, which has no biases: strand, orientation and mapping filters are not tried by it). Tumor and
normal are aligned by minimap2 and called with the defaults of the configuration.

A second simulation has heterozygous germline indels in both samples, and in the tumor an SNV beside
each at a tenth of the reads: what passes with and without the filter of reads that are misaligned
beside an indel.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "calling")]

from calling_builders import align, read_slices  # noqa: E402

from apothecary import settings, sheets  # noqa: E402
from apothecary.alignments import files as alignment_files  # noqa: E402
from apothecary.calling import simulation, somatic  # noqa: E402
from apothecary.calling.simulation import Change, Pair  # noqa: E402
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


@dataclass(frozen=True)
class Work:
    """What both simulations share."""

    fasta: Path
    slices: Mapping[tuple[str, int], str]
    reference: Fasta
    settings: somatic.SomaticSettings
    folder: Path

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """What is called: the slices without their ends."""
        return [(c, at + EDGE, at + len(text) - EDGE) for (c, at), text in self.slices.items()]

    def call(self, tumor: list[Pair], normal: list[Pair], name: str) -> list[somatic.Candidate]:
        """Align both samples and call the tumor."""
        opened = []
        for label, reads in ((f"{name}_tumor", tumor), (f"{name}_normal", normal)):
            files = (self.folder / f"{label}.1.fastq", self.folder / f"{label}.2.fastq")
            for path, body in zip(files, simulation.fastq(reads), strict=True):
                path.write_text(body, encoding="utf-8")
            bam = align([files], self.slices, self.folder, label)
            opened.append(alignment_files.look(str(bam), "GRCh38"))
        return somatic.call(*opened, self.reference, self.spans, frozenset(), self.settings)


def by_fraction(work: Work, depth: float, seed: int) -> None:
    dice = random.Random(seed)
    truth: dict[tuple[str, int, str, str], float] = {}
    tumor, normal = [], []
    for number, ((chrom, start), text) in enumerate(work.slices.items()):
        first = 100 * seed + 10 * number
        left = 1 - sum(FRACTIONS)
        tumor += simulation.pairs(text, depth * left, first, f"p{number}")
        normal += simulation.pairs(text, 40, first + 9, f"n{number}")
        for order, (fraction, changes) in enumerate(planted(text, start, dice).items()):
            clone = simulation.haplotype(text, start, changes)
            tumor += simulation.pairs(
                clone, depth * fraction, first + order + 1, f"c{number}.{order}"
            )
            for change in changes:
                one = normalise(chrom, *change, work.reference)
                truth[chrom, one.pos, one.ref, one.alt] = fraction
    called = work.call(tumor, normal, "fractions")
    passing = {(c.chrom, c.pos, c.ref, c.alt) for c in called if not c.filters}
    print(f"tumor {depth:g} reads deep, normal 40")
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
    bases = sum(end - start + 1 for _, start, end in work.spans)
    print(f"false among those that pass: {len(false)} of {len(passing)}, in {bases} bases")
    reasons = Counter(
        name for c in called if (c.chrom, c.pos, c.ref, c.alt) in truth for name in c.filters
    )
    print(f"filters of planted changes: {dict(sorted(reasons.items()))}")


def beside_indels(work: Work, depth: float, seed: int) -> None:
    dice = random.Random(seed + 1)
    tumor, normal = [], []
    truth = set()
    for number, ((chrom, start), text) in enumerate(work.slices.items()):
        indels, changes = [], []
        for step in range(EDGE, len(text) - EDGE, SPACING):
            at = step + dice.randrange(SPACING // 3)
            if dice.random() < 0.5:
                indels.append(Change(start + at, text[at : at + dice.randrange(2, 6)], text[at]))
            else:
                added = "".join(dice.choices("ACGT", k=dice.randrange(1, 5)))
                indels.append(Change(start + at, text[at], text[at] + added))
            place = at + dice.choice((-1, 1)) * dice.randrange(8, 40)
            base = text[place]
            alt = dice.choice([b for b in "ACGT" if b != base])
            changes.append(Change(start + place, base, alt))
            truth.add((chrom, start + place, base, alt))
        other = simulation.haplotype(text, start, indels)
        clone = simulation.haplotype(text, start, changes)
        first = 1000 + 100 * seed + 10 * number
        for label, deep, into in (("t", depth, tumor), ("n", 40, normal)):
            shares = ((text, 0.4 if label == "t" else 0.5), (other, 0.5))
            for order, (haplotype, share) in enumerate(shares):
                name = f"{label}{number}.{order}"
                into += simulation.pairs(haplotype, deep * share, first + order, name)
                first += 2
        tumor += simulation.pairs(clone, depth * 0.1, first + 5, f"s{number}")
    snvs = [c for c in work.call(tumor, normal, "indels") if len(c.ref) == len(c.alt)]
    print("beside heterozygous germline indels, SNVs at a tenth of the reads")
    for words, ignored in (("without the filter", {"indel_misalignment"}), ("with it", set())):
        passing = {(c.chrom, c.pos, c.ref, c.alt) for c in snvs if not set(c.filters) - ignored}
        right = len(passing & truth)
        print(
            f"{words:18}  found {right / len(truth):.3f} of {len(truth)}, "
            f"false {len(passing) - right} of {len(passing)}"
        )


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
    schema = sheets.load_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    config = settings.check({"samples": "none"}, schema, "defaults")["calling"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = Work(
            fasta,
            read_slices(fasta, ("TP53", "CDKN2A")),
            Fasta(fasta, folder / "fasta"),
            somatic.SomaticSettings.from_config(config),
            folder,
        )
        by_fraction(work, options.depth, options.seed)
        beside_indels(work, options.depth, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())

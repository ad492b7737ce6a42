"""Build the reads of the demo, the reference sequence that they are aligned to, and the targets.

    APOTHECARY_SHARED=<folder> python resources/demo/build_reads.py [OUT]

Reads are made up from public reference sequence and public haplotypes, by the error model of
`apothecary.calling.simulation` with fixed seeds; the tumor is a composition. What each file holds,
and where its facts come from, stands in README.md beside this script.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo_files import plain_gzip
from public_haplotypes import (
    TARGET_FLANK,
    WINDOW_FLANK,
    Window,
    haplotypes,
    panel_places,
    widened,
    windows,
)
from public_hotspots import Place, place_of, read_hotspots, read_place

from apothecary.calling import simulation
from apothecary.calling.simulation import Change, Pair, ReadModel

HERE = Path(__file__).resolve().parent
GERMLINE = "NA18868"
NORMAL = "NORMAL2"
TUMOR = "TUMOR2"
# The composed subject has the haplotypes of this person.
COMPOSED_FROM = "NA11832"
# Mean depth of each sample; made up.
DEPTHS = {GERMLINE: 50, NORMAL: 60, TUMOR: 200}
# Short fragments reach the ends of the windows; qualities that hardly spread pack well.
MODEL = ReadModel(fragment=260, fragment_spread=35, quality_spread=0.3)
LINE = 60

Strands = Mapping[Window, tuple[Sequence[Change], Sequence[Change]]]


@dataclass(frozen=True)
class Somatic:
    """A change of the composed tumor, and the share of the reads that shows it."""

    place: Place
    share: float


def somatic_changes(shared: Path, design: Path) -> list[Somatic]:
    """The changes of the composed tumor."""
    hotspots = read_hotspots(shared)
    with design.open(encoding="utf-8", newline="") as stream:
        return [
            Somatic(
                read_place(row["place"])
                if row["place"]
                else place_of(hotspots, row["gene"], row["protein_change"]),
                float(row["share"]),
            )
            for row in csv.DictReader(stream, delimiter="\t")
        ]


def clones(
    window: Window, strands: tuple[Sequence[Change], Sequence[Change]], somatic: Iterable[Somatic]
) -> list[tuple[Sequence[Change], float]]:
    """The haplotypes of a window with their shares; each somatic change is on the second strand."""
    first, second = strands
    parts: list[tuple[Sequence[Change], float]] = [(first, 0.5)]
    left = 0.5
    for change in somatic:
        chrom, pos, ref, alt = change.place
        if window.holds(chrom, pos, len(ref)):
            parts.append(([*second, Change(pos, ref, alt)], change.share))
            left -= change.share
    if left < 0:
        raise ValueError(f"the changes of {window.name} have more than one strand")
    return [*parts, (second, left)]


def read_pairs(
    sample: str, number: int, strands: Strands, somatic: Sequence[Somatic] = ()
) -> list[Pair]:
    """The read pairs of a sample; `number` sets its seeds apart from those of the others."""
    found: list[Pair] = []
    for at, (window, pair) in enumerate(strands.items()):
        for clone, (changes, share) in enumerate(clones(window, pair, somatic)):
            text = simulation.haplotype(window.bases, window.start, changes)
            seed = number * 100_000 + at * 100 + clone
            name = f"{sample}.{at}.{clone}"
            found += simulation.pairs(text, DEPTHS[sample] * share, seed, name, MODEL)
    return found


def reference_text(where: Iterable[Window]) -> str:
    """Windows as a sliced reference."""
    lines = []
    for window in where:
        lines.append(f">{window.name}")
        lines += [window.bases[i : i + LINE] for i in range(0, len(window.bases), LINE)]
    return "\n".join(lines) + "\n"


def build(shared: Path, out: Path) -> None:
    """Write the reads, the reference and the targets to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    places = panel_places(shared, HERE / "panel.tsv")
    where = windows(shared, widened(places, WINDOW_FLANK))
    targets = widened(places, TARGET_FLANK)
    (out / "reference.fa").write_text(reference_text(where), encoding="utf-8")
    (out / "targets.bed").write_text(
        "".join(f"{chrom}\t{first - 1}\t{last}\n" for chrom, first, last in targets),
        encoding="utf-8",
    )
    with (HERE / "panel.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    genes = [row["gene"] for row in rows if not row["protein_change"]]
    germline = haplotypes(shared, genes, GERMLINE, where)
    composed = haplotypes(shared, genes, COMPOSED_FROM, where)
    somatic = somatic_changes(shared, HERE / "tumor_reads.tsv")
    samples = {
        GERMLINE: read_pairs(GERMLINE, 1, germline),
        NORMAL: read_pairs(NORMAL, 2, composed),
        TUMOR: read_pairs(TUMOR, 3, composed, somatic),
    }
    for sample, pairs in samples.items():
        for mate, text in enumerate(simulation.fastq(pairs), 1):
            plain_gzip(out / f"{sample}_{mate}.fastq.gz", text)


def main() -> None:
    """Build into the folder given, or beside this script."""
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        sys.exit("APOTHECARY_SHARED is not set: it names the folder of the regression data")
    build(Path(shared), Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)


if __name__ == "__main__":
    main()

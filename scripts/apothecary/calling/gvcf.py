"""From bcftools' record a base to a gVCF: variants as they are, reference as blocks.

A base of a position of the definitions is a block of its own, so that its depth and likelihoods
are kept. Other bases beside each other are one block while depth and quality stay in one band.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from apothecary.variants import contigs
from apothecary.variants.regions import Spans

_DEPTH_BANDS = (1, 4, 10, 20, 50, 100)
_QUALITY_BANDS = (10, 20, 40, 60)
_HIGHEST = 99

HEADER = (
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last position of the reference block">',
    '##INFO=<ID=SPAN,Number=0,Type=Flag,Description="No indel: counted from the reads that reach '
    'over all of its possible places">',
    '##INFO=<ID=MQ,Number=1,Type=Float,Description="Mean mapping quality">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads at the position">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads of each allele">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality, Phred">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth within the block">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods of the genotypes, Phred">',
    '##ALT=<ID=NON_REF,Description="Any other allele">',
)


@dataclass(frozen=True)
class Record:
    """One record, ready to be written.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based position.
        ref: REF.
        alt: ALT.
        qual: QUAL as text.
        info: INFO.
        values: FORMAT fields and their values.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    qual: str
    info: str
    values: Mapping[str, str]

    def line(self, contig: str) -> str:
        """The record as a line of VCF."""
        fields = (contig, str(self.pos), ".", self.ref, self.alt, self.qual, ".", self.info)
        return "\t".join((*fields, ":".join(self.values), ":".join(self.values.values()))) + "\n"

    def sort_key(self) -> tuple[tuple[int, str], int, str, str]:
        """Key by which the records of a file are sorted."""
        return (contigs.sort_key(self.chrom), self.pos, self.ref, self.alt)


@dataclass
class _Block:
    chrom: str
    start: int
    end: int
    ref: str
    genotype: str
    key: tuple[int, int, int]
    depth: int
    quality: int
    likelihoods: str

    def record(self) -> Record:
        values = {"GT": self.genotype, "DP": str(self.depth), "GQ": str(self.quality)}
        values |= {"MIN_DP": str(self.depth), "PL": self.likelihoods}
        place = f"END={self.end}"
        return Record(self.chrom, self.start, self.ref, "<NON_REF>", ".", place, values)


@dataclass
class Blocks:
    """Joins bases that are seen as reference.

    Attributes:
        separate: Positions whose bases are each a block.
    """

    separate: Spans
    _open: _Block | None = field(default=None, init=False)

    def add(self, one: _Block) -> Iterator[Record]:
        """Take a base; gives the block that it ends."""
        held = self._open
        if held and (held.chrom, held.end + 1, held.key, held.genotype) == (
            one.chrom,
            one.start,
            one.key,
            one.genotype,
        ):
            held.end = one.end
            if (one.quality, one.depth) < (held.quality, held.depth):
                held.likelihoods = one.likelihoods
            held.quality, held.depth = min(held.quality, one.quality), min(held.depth, one.depth)
            return
        yield from self.close()
        self._open = one

    def close(self) -> Iterator[Record]:
        """Give the block that is open."""
        if self._open:
            yield self._open.record()
        self._open = None

    def apart(self, chrom: str, pos: int) -> int:
        """The base itself where it is of a position that is kept apart; 0 for others."""
        return pos if self.separate.overlaps(chrom, pos, pos) else 0


def assemble(
    lines: Iterable[str],
    names: Mapping[str, str],
    targets: Spans,
    apart: Iterable[tuple[str, int, int]],
    crowded: Mapping[tuple[str, int], Sequence[int]] = MappingProxyType({}),
) -> list[Record]:
    """The records of a gVCF.

    Args:
        lines: A VCF of bcftools with a record a base, its header among them; it has one sample.
        names: Contig of the file by chromosome with chr.
        targets: What is kept.
        apart: Spans of positions whose bases are each a block; 1-based, both ends included.
        crowded: Likelihoods at places where reads show every base, which bcftools call does not
            give where it calls reference; see `read_likelihoods`.

    Returns:
        Records within the targets, sorted.
    """
    chromosomes = {name: chrom for chrom, name in names.items()}
    blocks = Blocks(Spans(apart))
    records: list[Record] = []
    for line in lines:
        if line.startswith("#"):
            continue
        fields = line.rstrip("\n").split("\t")
        chrom, pos, ref, alt = chromosomes[fields[0]], int(fields[1]), fields[3], fields[4]
        if not targets.overlaps(chrom, pos, pos + len(ref) - 1):
            continue
        values = dict(zip(fields[8].split(":"), fields[9].split(":"), strict=False))
        named = [a for a in alt.split(",") if a not in ("<*>", ".")]
        if named or "INDEL" in fields[7].split(";"):
            records.append(_variant(chrom, pos, ref, ",".join(named) or ".", fields, values))
            continue
        if "PL" not in values and (fields[0], pos) in crowded:
            values["PL"] = against_any_other(crowded[fields[0], pos], values["GT"])
        depth = int(values.get("DP", "0") or 0)
        quality = quality_of(values)
        key = (
            bisect_right(_DEPTH_BANDS, depth),
            bisect_right(_QUALITY_BANDS, quality),
            blocks.apart(chrom, pos),
        )
        genotype, likelihoods = values["GT"], values.get("PL", ".")
        if "." in genotype:
            continue
        records += blocks.add(
            _Block(chrom, pos, pos, ref, genotype, key, depth, quality, likelihoods)
        )
    records += blocks.close()
    return sorted(records, key=Record.sort_key)


def read_likelihoods(path: Path) -> dict[tuple[str, int], list[int]]:
    """Likelihoods of diploid genotypes.

    Args:
        path: Contig, 1-based position and PL, tab-separated.

    Returns:
        PL, in the order of VCF, by contig and position.
    """
    found = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            contig, pos, likelihoods = line.rstrip("\n").split("\t")
            if "." not in likelihoods:
                found[contig, int(pos)] = [int(value) for value in likelihoods.split(",")]
    return found


def against_any_other(likelihoods: Sequence[int], genotype: str) -> str:
    """The likelihoods of reference against all other alleles taken together.

    Args:
        likelihoods: PL of diploid genotypes, in the order of VCF: 0/0, 0/1, 1/1, 0/2, 1/2, 2/2 …
        genotype: A genotype of the ploidy that is asked for.

    Returns:
        PL of reference, heterozygous and without reference; of one chromosome, without the second.
    """
    pairs = [(one, two) for two in range(len(likelihoods)) for one in range(two + 1)]
    by_kind: dict[int, list[int]] = {0: [], 1: [], 2: []}
    alike: list[int] = []
    for (one, two), value in zip(pairs, likelihoods, strict=False):
        by_kind[(one > 0) + (two > 0)].append(value)
        if one == two > 0:
            alike.append(value)
    several = "/" in genotype or "|" in genotype
    groups = [by_kind[0], by_kind[1], by_kind[2]] if several else [by_kind[0], alike]
    found = [min(group) for group in groups]
    return ",".join(str(value - min(found)) for value in found)


def quality_of(values: Mapping[str, str]) -> int:
    """Genotype quality: GQ, or the distance from the best likelihood to the next; 0 to 99."""
    given = values.get("GQ", ".")
    if given not in (".", ""):
        return min(_HIGHEST, int(given))
    likelihoods = sorted(int(v) for v in values.get("PL", "").split(",") if v not in (".", ""))
    return min(_HIGHEST, likelihoods[1] - likelihoods[0]) if len(likelihoods) > 1 else 0


def _variant(
    chrom: str, pos: int, ref: str, alt: str, fields: Sequence[str], values: Mapping[str, str]
) -> Record:
    alleles = alt.count(",") + 2 if alt != "." else 1
    depths = values.get("AD", ".").split(",")
    kept = {"GT": values["GT"], "DP": values.get("DP", "."), "AD": ",".join(depths[:alleles])}
    kept |= {"GQ": str(quality_of(values)), "PL": values.get("PL", ".")}
    if alt == ".":
        del kept["PL"]
    info = next((item for item in fields[7].split(";") if item.startswith("MQ=")), ".")
    return Record(chrom, pos, ref, alt, fields[5], info, kept)

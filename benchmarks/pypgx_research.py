"""Research genes of the 3,202 samples of the 1000 Genomes panel: our names beside PyPGx's.

    APOTHECARY_SHARED=... python benchmarks/pypgx_research.py [--install] [GENE ...]

Both read PyPGx's tables. Samples with equal genotypes at PyPGx's positions have equal calls, so
that one of each kind is called and counts for all. Where the names differ, the phased genotypes
decide in which way:

- of one strand: all variants of both names lie on the strands, which have more than one allele
  names; PyPGx gives one of them, by function and number of variants;
- other phase: ours fits the bases, but on other strands, as a rare switch of the phase;
- ours not seen / PyPGx's not seen: a variant of the name is not there.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypgx_peer

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import definitions, pgx
from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.matcher import components, ordered

ROOT = Path(__file__).resolve().parents[1]
BUILD = "GRCh38"
SHOWN = 4

Strands = tuple[dict[int, str], dict[int, str]]
"""The bases of both strands by the index of the position."""


def kinds(file: Path, places: set[str], own: Path) -> dict[str, int]:
    """Write one sample of each kind at the places; how many samples each stands for."""
    records, names = [], []
    with gzip.open(file, "rt", encoding="utf-8") as stream, own.open("w", encoding="utf-8") as out:
        for line in stream:
            row = line.rstrip("\n").split("\t")
            if line.startswith("##"):
                out.write(line)
            elif line.startswith("#"):
                head, names = row[:9], row[9:]
            elif row[1] in places:
                records.append(row)
        seen: dict[tuple[str, ...], list[int]] = {}
        for number in range(len(names)):
            seen.setdefault(tuple(row[9 + number] for row in records), []).append(number)
        first = [alike[0] for alike in seen.values()]
        for row in ([*head, *names], *records):
            out.write("\t".join([*row[:9], *(row[9 + number] for number in first)]) + "\n")
    return {names[alike[0]]: len(alike) for alike in seen.values()}


def fits(gene: Gene, diplotype: str, strands: Strands, as_phased: bool = True) -> bool:
    """Whether all variants of both names lie on the strands, or among the bases of both."""
    names = diplotype.split("/")
    if not as_phased:
        return all(
            any(strand.get(i, "") in accepted for strand in strands)
            for name in names
            for i, accepted in _variants(gene, name).items()
        )
    return any(
        all(
            strand.get(i, "") in accepted
            for name, strand in zip(names, order, strict=False)
            for i, accepted in _variants(gene, name).items()
        )
        for order in (strands, strands[::-1])
    )


def _variants(gene: Gene, name: str) -> dict[int, frozenset[str]]:
    reference = gene.alleles[0].accepts
    return {
        i: allele.accepts[i]
        for allele in gene.alleles
        if allele.core in components(name)
        for i in allele.bases
        if not allele.accepts[i] & reference[i]
    }


def difference(gene: Gene, ours: str, theirs: str, strands: Strands) -> str:
    """In which way two names of the same strands differ."""
    if not fits(gene, theirs, strands):
        return "PyPGx's not seen"
    if fits(gene, ours, strands):
        return "of one strand"
    return "other phase" if fits(gene, ours, strands, as_phased=False) else "ours not seen"


def _called(file: Path, pack: Path, name: str) -> tuple[dict[str, list[str]], dict[str, Strands]]:
    """Diplotypes by sample, best first, and strands; of one gene."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        pgx.run_pgx(pgx.PgxOptions(file=file, out=out, pack=pack))
        rows = tables.read(out / "diplotypes.parquet", schemas.DIPLOTYPES).to_pylist()
        sites = tables.read(out / "sites.parquet", schemas.SITES).to_pylist()
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: int(row["rank"])):
        if row["gene"] == name:
            found.setdefault(row["sample_id"], []).append(row["diplotype"] or "no call")
    strands: dict[str, Strands] = {}
    for row in sites:
        if row["gene"] == name and row["allele_1"] is not None:
            own = strands.setdefault(row["sample_id"], ({}, {}))
            own[0][row["position_id"]] = row["allele_1"]
            own[1][row["position_id"]] = row["allele_2"] or row["allele_1"]
    return found, strands


def _tell(gene: Gene, file: Path, places: set[str], pack: Path, work: Path) -> None:
    own = work / f"{gene.name}.vcf"
    counted = kinds(file, places, own)
    peer = pypgx_peer.call([(gene.name, own, counted)], BUILD, work)
    if gene.name in peer.refused:
        print(f"{gene.name}: PyPGx refuses it ({peer.refused[gene.name]})")
        return
    ours, seen = _called(own, pack, gene.name)
    index = {position.position_id: i for i, position in enumerate(gene.positions)}
    ways: Counter[str] = Counter()
    examples: Counter[tuple[str, str, str]] = Counter()
    for sample, count in counted.items():
        theirs = peer.genotypes[sample, gene.name]
        theirs = "/".join(str(name) for name in ordered(*theirs.split("/")))
        best = ours[sample][0]
        way = "same" if len(ours[sample]) == 1 else "same, not called"
        if best != theirs:
            first, second = seen.get(sample, ({}, {}))
            strands = tuple({index[i]: b for i, b in one.items()} for one in (first, second))
            way = difference(gene, best, theirs, (strands[0], strands[1]))
            examples[way, best, theirs] += count
        ways[way] += count
    told = ", ".join(f"{way} {count}" for way, count in sorted(ways.items()))
    print(f"{gene.name}: {told}; of {sum(counted.values())}, {len(counted)} kinds", flush=True)
    for (way, best, theirs), count in examples.most_common(SHOWN):
        print(f"  {count:5} {way}: {best}, PyPGx {theirs}", flush=True)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="fetch PyPGx first")
    parser.add_argument("genes", nargs="*", metavar="GENE", help="only these")
    arguments = parser.parse_args(argv)
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the panel is not at hand")
    if not pypgx_peer.available(arguments.install):
        sys.exit(1)
    panel = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "panel1kg"
    command = [str(pypgx_peer.python()), str(pypgx_peer.HERE / "pypgx_places.py"), BUILD]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    places: dict[str, set[str]] = {}
    for line in listed.splitlines():
        gene, _, position = line.partition("\t")
        places.setdefault(gene, set()).add(position)
    with tempfile.TemporaryDirectory() as folder:
        pack = build.build(ROOT / "resources" / "knowledge", Path(folder) / "pack")
        for gene in definitions.from_pack(pack).matched:
            file = panel / f"{gene.name}.{BUILD}.vcf.gz"
            wanted = not arguments.genes or gene.name in arguments.genes
            if gene.research and wanted and file.is_file():
                _tell(gene, file, places[gene.name], pack.folder, Path(folder))


if __name__ == "__main__":
    main()

"""A made-up genome of 4.5 million sites: what reading it costs beside unpacking it.

    python benchmarks/genome_vcf.py [--sites N] [--named N] [--seed N]

The file is drawn over the chromosomes of GRCh38, with a record at every position of the allele
definitions. The peer unpacks it with pysam and counts the lines. Each step runs in a process of its
own, whose use of processor and memory the system tells; all run beside each other on one machine.

- germline: all scopes are granted. Every record is checked and gets its fate; those at positions
  of the definitions, in the genes of the germline lists and on chrM become rows in Parquet.
- tumor: every record is checked, gets its fate and becomes a row in Parquet. What the process that
  reads the file takes is told apart from what the table takes.
- consequences: what naming the variants of such a tumor takes, from table to table, on the first of
  them (--named): it is a step of its own, and holds a row of Python for each variant.
- indexed: what `apothecary pgx --indexed` reads of the file, to the sites of all genes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pysam

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary import batch_reading, plan, schemas, tables  # noqa: E402
from apothecary.knowledge import build  # noqa: E402
from apothecary.knowledge import pack as knowledge  # noqa: E402
from apothecary.oncogenes import consequences  # noqa: E402
from apothecary.pharmacogenes import definitions  # noqa: E402
from apothecary.pharmacogenes.observations import SiteSettings  # noqa: E402
from apothecary.pharmacogenes.site_reading import read_sites  # noqa: E402
from apothecary.variants import contigs, indexed  # noqa: E402
from apothecary.variants.reader import VariantFile  # noqa: E402

BUILD, SAMPLE = "GRCh38", "G1"
RATIO_BAR, MEMORY_BAR, INDEXED_BAR = 12.0, 1.0, 0.5
SCOPES = {"germline": ("pharmacogenes", "germline", "secondary_findings"), "tumor": ("tumor",)}
TUMOR_TYPES = {"germline": "", "tumor": "NSCLC"}
HOMOZYGOUS, DEPTH = 0.37, 30
FORMATS = (("GT", "1", "String"), ("AD", "R", "Integer"), ("DP", "1", "Integer"),
           ("GQ", "1", "Integer"), ("PL", "G", "Integer"))  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a step took: CPU seconds, and peak memory in GB."""

    cpu: float
    memory: float


def cost_of(step: Callable[[], object]) -> Cost:
    """Run a step in a child process.

    Raises:
        SystemExit: It failed.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            step()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended, used = os.wait4(child, 0)
    if ended:
        sys.exit("a step failed")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6)


def write_genome(path: Path, sites: int, seed: int, known: Mapping[str, Mapping[int, Any]]) -> None:
    """Write and index a bgzipped VCF of one sample.

    Args:
        path: The file.
        sites: Records to draw, of which a few fall on the same place; those of known positions come
            on top.
        seed: Of the generator.
        known: REF and ALT by chromosome and 1-based position.
    """
    source = np.random.default_rng(seed)
    lengths = {c.name: c.lengths[BUILD] for c in contigs.contigs().values() if c.name != "chrM"}
    whole = sum(lengths.values())
    with pysam.BGZFile(str(path), "wb", None) as out:
        out.write(header(lengths).encode())
        for chrom, length in lengths.items():
            count = round(sites * length / whole)
            drawn = source.integers(1, length, count)
            places = np.union1d(drawn, list(known.get(chrom, {}))).astype(int)
            out.write(records(chrom, places, known.get(chrom, {}), source).encode())
    pysam.tabix_index(str(path), preset="vcf")


def header(lengths: Mapping[str, int]) -> str:
    """The header of the genome."""
    lines = ["##fileformat=VCFv4.2"]
    lines += [f"##contig=<ID={name},length={length}>" for name, length in lengths.items()]
    lines += ['##INFO=<ID=DP,Number=1,Type=Integer,Description="reads">']
    lines += [f'##FORMAT=<ID={i},Number={n},Type={t},Description="{i}">' for i, n, t in FORMATS]
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", SAMPLE)
    return "\n".join([*lines, "\t".join(columns)]) + "\n"


def records(
    chrom: str, places: Any, known: Mapping[int, tuple[str, str]], source: np.random.Generator
) -> str:
    """The records of one chromosome."""
    count = len(places)
    ref, shift = source.integers(0, 4, count).tolist(), source.integers(1, 4, count).tolist()
    homozygous = (source.random(count) < HOMOZYGOUS).tolist()
    depth = source.poisson(DEPTH, count).tolist()
    quality = source.integers(30, 2000, count).tolist()
    weights = source.integers(100, 1500, (count, 2)).tolist()
    lines = []
    for at, pos in enumerate(places.tolist()):
        bases = known.get(pos) or ("ACGT"[ref[at]], "ACGT"[(ref[at] + shift[at]) % 4])
        reads, (one, other) = depth[at], weights[at]
        values = f"0/1:{reads // 2},{reads - reads // 2}:{reads}:99:{one},0,{other}"
        if homozygous[at]:
            values = f"1/1:0,{reads}:{reads}:99:{one},{other},0"
        lines.append(
            f"{chrom}\t{pos}\t.\t{bases[0]}\t{bases[1]}\t{quality[at]}\tPASS\tDP={reads}\t"
            f"GT:AD:DP:GQ:PL\t{values}\n"
        )
    return "".join(lines)


def known_alleles(pack: knowledge.Pack) -> dict[str, dict[int, tuple[str, str]]]:
    """REF and the first ALT of every position of the definitions that has one."""
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for row in pack.rows("pgx_positions"):
        if row["alts"] and row["chrom"] != "chrM":
            found.setdefault(row["chrom"], {})[int(row["pos"])] = (row["ref"], row["alts"][0])
    return found


def unpack(path: Path) -> int:
    """The peer: unpack a file and count its lines."""
    lines = 0
    with pysam.BGZFile(str(path), "rb") as packed:
        while piece := packed.read(1 << 20):
            lines += piece.count(b"\n")
    return lines


def read_batch(path: Path, role: str, pack: knowledge.Pack, folder: Path) -> None:
    """Read the file as the workflow does, and write the tables."""
    samples = ["sample_id\tsubject_id\trole\tassay\tsex\ttumor_type\tinput\tformat\tsample_in_file"]
    samples.append(
        f"{SAMPLE}\t{SAMPLE}\t{role}\tgenome\tF\t{TUMOR_TYPES[role]}\t{path.name}\tvcf\t{SAMPLE}"
    )
    consent = ["subject_id\tscope\tdecision", *(f"{SAMPLE}\t{s}\tyes" for s in SCOPES[role])]
    for name, lines in (("samples", samples), ("consent", consent)):
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths = {name: str(folder / f"{name}.tsv") for name in ("samples", "consent")}
    of_run = plan.load(paths, ROOT, "config")
    work = folder / f"work_{role}"
    work.mkdir()
    begun = os.times()
    rows = batch_reading.read(
        *(of_run.sheets.samples, of_run.sheets.consent, str(folder), pack, of_run.reading_config),
        work,
    )
    for outcome in rows["outcomes"]:
        if outcome["status"] == "failed":
            sys.exit(outcome["reason"])
    read = os.times()
    target = folder / role
    target.mkdir(exist_ok=True)
    output = {name: str(target / f"{name}.parquet") for name in rows if name in schemas.TABLES}
    batch_reading.write(rows, output, pack.digest)
    child = read.children_user + read.children_system
    print(
        f"{role}: reading {child:.1f} CPU-s, taking it over {_own(read) - _own(begun):.1f}, "
        f"tables {_own(os.times()) - _own(read):.1f}",
        flush=True,
    )


def _own(times: os.times_result) -> float:
    return times.user + times.system


def name_variants(variants: Path, most: int, pack: knowledge.Pack, out: Path) -> None:
    """Name the consequences of the first variants of a table, without a reference."""
    rows = tables.read(variants, schemas.VARIANTS).slice(0, most).to_pylist()
    named = consequences.annotate(rows, pack)
    tables.write(out, schemas.CONSEQUENCES, named, knowledge=pack.digest)


def look_up(path: Path, genes: definitions.Definitions) -> int:
    """The sites of all genes, through the index; how many are called."""
    file = VariantFile(path, index=indexed.index_of(str(path)))
    table, _ = read_sites(file, file.header.samples, genes, SiteSettings(4, 10))
    return table.matching_records


def tell(name: str, cost: Cost, peer: Cost, count: int) -> None:
    """Print a step beside its peer and its bars."""
    ratio = cost.cpu / peer.cpu
    print(
        f"{name}, {count} sites: {cost.cpu:.1f} CPU-s, unpacking {peer.cpu:.2f}; ratio {ratio:.1f} "
        f"(bar {RATIO_BAR:g}), {cost.memory:.2f} GB (bar {MEMORY_BAR:g})",
        flush=True,
    )


def main() -> None:
    """Draw the files, run the steps, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=4_500_000)
    parser.add_argument(
        "--named", type=int, default=100_000, help="variants that are named (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = build.build(ROOT / "resources" / "knowledge", folder / "pack")
        known = known_alleles(pack)
        genome = folder / "genome.vcf.gz"
        # In processes of their own, since a child begins with the memory of its parent.
        cost_of(lambda: write_genome(genome, arguments.sites, arguments.seed, known))
        peer = cost_of(lambda: unpack(genome))
        cost = cost_of(lambda: read_batch(genome, "germline", pack, folder))
        tell("germline, all scopes", cost, peer, arguments.sites)
        cost = cost_of(lambda: read_batch(genome, "tumor", pack, folder))
        tell("tumor, every record kept", cost, peer, arguments.sites)
        variants, named = folder / "tumor" / "variants.parquet", folder / "named.parquet"
        cost = cost_of(lambda: name_variants(variants, arguments.named, pack, named))
        each = cost.cpu / arguments.named * 1e6
        print(f"consequences of {arguments.named}: {cost.cpu:.1f} CPU-s, {each:.0f} us each")
        genes = definitions.from_pack(pack, research_genes=True)
        nothing = cost_of(lambda: None)
        cost = cost_of(lambda: look_up(genome, genes))
        spent = cost.cpu - nothing.cpu
        print(
            f"indexed, {len(genes.matched)} genes of the file of {arguments.sites} sites: "
            f"{spent:.2f} CPU-s (bar {INDEXED_BAR})"
        )


if __name__ == "__main__":
    main()

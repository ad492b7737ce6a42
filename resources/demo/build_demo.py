"""Build the variant files of the demo from public genotypes.

    APOTHECARY_SHARED=<folder> python resources/demo/build_demo.py [OUT]

What each file holds, and where its facts come from, stands in README.md beside this script. The
script cuts genotypes at the positions of the allele definitions and writes the same bytes each
time; the sheets beside it are written by hand.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pysam
from demo_files import bcf, bgzip, plain_gzip
from public_genotypes import (
    CHROMOSOMES,
    Blocks,
    Call,
    Position,
    Record,
    bases_of,
    contigs,
    grch37_places,
    panel_calls,
    read_positions,
)
from public_hotspots import place_of, read_hotspots, read_place

HERE = Path(__file__).resolve().parent
PHASED = ("NA12003", "NA18966", "NA19122", "NA20509")
UNPHASED = "NA19207"
BLOCKS = "NA11839"
PLAIN_GZIP = "HG00589"
BINARY = "HG00276"
GRCH37 = "NA07357"
TUMOR = "TUMOR1"
# A BGZF file ends with this many bytes of an empty block; without it the file counts as cut.
BGZF_END_BYTES = 28
LOW_QUALITY = 20

COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
HEADER_LINES = {
    "GT": '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "AD": '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads of each allele">',
    "DP": '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads">',
    "GQ": '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">',
    "PL": '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Genotype likelihoods, Phred">',
    "AF": '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Allele fraction">',
}
LOWQ = '##FILTER=<ID=lowq,Description="{}">'


def unphased_records(blocks: Blocks, sample: str, places: Iterable[Position]) -> Iterator[Record]:
    """One sample as its gVCF shows it; positions that it does not cover have no record."""
    for place in _by_place(places):
        call = blocks.call(place)
        if call:
            calls = {sample: call.values}
            yield Record(place.chrom, place.pos, call.ref, call.alts, "PASS", calls)


def _by_place(places: Iterable[Position]) -> Iterator[Position]:
    last = None
    for place in places:
        if (place.chrom, place.pos) != last:
            yield place
        last = (place.chrom, place.pos)


def phased_records(
    shared: Path, samples: Sequence[str], places: Sequence[Position]
) -> Iterator[Record]:
    """The phased panel at the positions, with depth and quality from the samples' gVCFs.

    A position without a panel record is taken from the gVCFs. A record in which at least
    half of the samples have a genotype quality below 20 fails the filter lowq.
    """
    blocks = {sample: Blocks(shared, sample) for sample in samples}
    panel: dict[tuple[str, int], list[Record]] = {}
    for gene in sorted({place.gene for place in places if place.gene}):
        path = shared / f"data/getrm/panel_GRCh38/{gene}.vcf.gz"
        if path.exists():
            panel.update(panel_calls(path, samples))
    for place in _by_place(places):
        seen = {sample: blocks[sample].call(place) for sample in samples}
        for record in panel.get((place.chrom, place.pos), []):
            yield _filtered(_with_quality(record, seen))
        if (place.chrom, place.pos) not in panel:
            yield from map(_filtered, _from_blocks(place, seen))


def _with_quality(record: Record, seen: Mapping[str, Call | None]) -> Record:
    calls = {}
    for sample, values in record.calls.items():
        call = seen[sample]
        calls[sample] = dict(values)
        if call:
            calls[sample] |= {key: call.values[key] for key in ("DP", "GQ")}
    return replace(record, calls=calls)


def _filtered(record: Record) -> Record:
    qualities = [int(call["GQ"]) for call in record.calls.values() if "GQ" in call]
    low = sum(quality < LOW_QUALITY for quality in qualities)
    return replace(record, filters="lowq") if low and 2 * low >= len(qualities) else record


def _from_blocks(place: Position, seen: Mapping[str, Call | None]) -> Iterator[Record]:
    calls: dict[str, dict[str, str]] = {}
    alts = list(place.alts)
    for sample, call in seen.items():
        calls[sample] = {"GT": "./."}
        if call is None or call.ref != place.ref:
            continue
        bases = bases_of(call.ref, call.alts, call.values["GT"])
        alts += [base for base in dict.fromkeys(bases) if base not in (call.ref, *alts)]
        genotype = sorted((call.ref, *alts).index(base) for base in bases)
        calls[sample] = {key: call.values[key] for key in ("DP", "GQ")}
        calls[sample]["GT"] = "/".join(map(str, genotype))
    if any(values["GT"] != "./." for values in calls.values()):
        yield Record(place.chrom, place.pos, place.ref, tuple(alts), "PASS", calls)


def gvcf_text(blocks: Blocks, sample: str, places: Iterable[Position], names: list[str]) -> str:
    """The records of a gVCF over the positions, blocks kept whole."""
    with gzip.open(blocks.path, "rt") as stream:
        header = [line for line in stream if line.startswith("##")]
    kept = ("##fileformat", "##ALT", "##FORMAT", "##INFO", "##FILTER", "##GVCFBlock")
    lines = [line.rstrip("\n") for line in header if line.startswith(kept)] + names
    lines.append("\t".join((*COLUMNS, sample)))
    found = {
        (CHROMOSOMES.index(place.chrom), int(fields[1]), "\t".join(fields))
        for place in places
        for fields in blocks.lines(place.chrom, place.pos, len(place.ref))
    }
    lines += [line for _, _, line in sorted(found)]
    return "\n".join(lines) + "\n"


def vcf_text(
    records: Iterable[Record],
    samples: Sequence[str],
    keys: Sequence[str],
    header: Iterable[str],
) -> str:
    """Records as the text of a VCF, with the FORMAT keys given."""
    lines = ["##fileformat=VCFv4.2", *header, *(HEADER_LINES[key] for key in keys)]
    lines.append("\t".join((*COLUMNS, *samples)))
    for record in records:
        present = [
            key
            for key in keys
            if key == "GT" or any(key in record.calls[sample] for sample in samples)
        ]
        cells = [
            ":".join(record.calls[sample].get(key, ".") for key in present) for sample in samples
        ]
        alts = ",".join(record.alts) or "."
        fixed = (record.chrom, str(record.pos), ".", record.ref, alts, ".", record.filters, ".")
        lines.append("\t".join((*fixed, ":".join(present), *cells)))
    return "\n".join(lines) + "\n"


def grch37_records(shared: Path, sample: str, places: Sequence[Position]) -> list[Record]:
    """The phased panel of the older build at the positions; nothing is added to it."""
    wanted = grch37_places(shared, places)
    found: dict[tuple[str, int], list[Record]] = {}
    for gene in sorted({place.gene for place in places if place.gene}):
        found.update(panel_calls(shared / f"data/getrm/panel_GRCh37/{gene}.vcf.gz", (sample,)))
    order = [name.removeprefix("chr") for name in CHROMOSOMES]
    kept = sorted(wanted & found.keys(), key=lambda key: (order.index(key[0]), key[1]))
    return [record for key in kept for record in found[key]]


def tumor_records(shared: Path, design: Path) -> list[Record]:
    """The changes of the composed tumor: place and bases from the public hotspot list."""
    hotspots = read_hotspots(shared)
    records = []
    with design.open(encoding="utf-8", newline="") as stream:
        for change in csv.DictReader(stream, delimiter="\t"):
            named = change["gene"], change["protein_change"]
            place = read_place(change["place"]) if change["place"] else place_of(hotspots, *named)
            depth, alt_depth = int(change["depth"]), int(change["alt_depth"])
            values = {
                "GT": "0/1",
                "AD": f"{depth - alt_depth},{alt_depth}",
                "DP": str(depth),
                "AF": f"{alt_depth / depth:.4f}",
            }
            calls = {TUMOR: values}
            records.append(
                Record(place.chrom, place.pos, place.ref, (place.alt,), change["filter"], calls)
            )
    return sorted(records, key=lambda r: (CHROMOSOMES.index(r.chrom), r.pos, r.alts))


def build(shared: Path, out: Path) -> None:
    """Write every variant file of the demo to `out`."""
    (out / "broken").mkdir(parents=True, exist_ok=True)
    places = read_positions(shared)
    names = contigs(shared, BLOCKS)
    passed = LOWQ.format(f"half of the samples or more have a quality below {LOW_QUALITY}")
    text = vcf_text(
        phased_records(shared, PHASED, places), PHASED, ("GT", "DP", "GQ"), [passed, *names]
    )
    bgzip(out / "phased.vcf.gz", text)
    pysam.tabix_index(str(out / "phased.vcf.gz"), preset="vcf", force=True)
    keys = ("GT", "AD", "DP", "GQ", "PL")

    def single(sample: str) -> str:
        records = unphased_records(Blocks(shared, sample), sample, places)
        return vcf_text(records, (sample,), keys, names)

    (out / f"{UNPHASED}.vcf").write_text(single(UNPHASED), encoding="utf-8")
    plain_gzip(out / f"{PLAIN_GZIP}.vcf.gz", single(PLAIN_GZIP))
    bcf(out / f"{BINARY}.bcf", single(BINARY))
    bgzip(out / f"{BLOCKS}.g.vcf.gz", gvcf_text(Blocks(shared, BLOCKS), BLOCKS, places, names))
    older = grch37_records(shared, GRCH37, places)
    chromosomes = [f"##contig=<ID={name}>" for name in dict.fromkeys(r.chrom for r in older)]
    bgzip(out / f"{GRCH37}.grch37.vcf.gz", vcf_text(older, (GRCH37,), ("GT",), chromosomes))
    low = LOWQ.format("composed: a call that the caller did not trust")
    tumor = tumor_records(shared, HERE / "tumor_changes.tsv")
    bgzip(
        out / f"{TUMOR}.vcf.gz",
        vcf_text(tumor, (TUMOR,), ("GT", "AD", "DP", "AF"), [low, *names]),
    )
    bgzip(out / "broken/build.vcf.gz", single(PLAIN_GZIP))
    bgzip(out / "broken/whole.tmp", single(UNPHASED))
    whole = (out / "broken/whole.tmp").read_bytes()
    (out / "broken/whole.tmp").unlink()
    (out / "broken/cut.vcf.gz").write_bytes(whole[: (len(whole) - BGZF_END_BYTES) // 2])


def main() -> None:
    """Build into the folder given, or beside this script."""
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        sys.exit("APOTHECARY_SHARED is not set: it names the folder of the regression data")
    build(Path(shared), Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)


if __name__ == "__main__":
    main()

"""Does what is asked of fgbio, in the simplest way, for tests where fgbio is not installed.

It takes the arguments that fgbio documents and refuses all others. A consensus is the base that
most reads of a molecule have.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from itertools import zip_longest

import pysam


def split(structure: str, bases: str, quality: str) -> tuple[str, str, str]:
    """Template bases, their qualities, and the UMI of a read."""
    template, kept, umi, at = "", "", "", 0
    for size, kind in re.findall(r"(\d+|\+)([TMS])", structure):
        end = len(bases) if size == "+" else at + int(size)
        if kind == "T":
            template, kept = template + bases[at:end], kept + quality[at:end]
        if kind == "M":
            umi += bases[at:end]
        at = end
    return template, kept, umi


def extract(arguments: argparse.Namespace) -> None:
    group = {"ID": arguments.read_group_id, "SM": arguments.sample, "LB": arguments.library}
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}, "RG": [group]})
    files = [pysam.FastxFile(path) for path in arguments.input]
    with pysam.AlignmentFile(arguments.output, "wb", header=header) as out:
        for mates in zip_longest(*files):
            parts = [
                split(structure, mate.sequence, mate.quality)
                for structure, mate in zip(arguments.read_structures, mates, strict=True)
            ]
            umi = "-".join(part[2] for part in parts if part[2])
            for number, (bases, quality, _) in enumerate(parts):
                record = pysam.AlignedSegment(header)
                record.query_name = mates[0].name
                record.query_sequence = bases
                record.query_qualities = pysam.qualitystring_to_array(quality)
                record.flag = 4 if len(parts) == 1 else (77, 141)[number]
                record.set_tag("RX", umi)
                record.set_tag("RG", arguments.read_group_id)
                out.write(record)


def group(arguments: argparse.Namespace) -> None:
    molecules: dict[tuple, int] = {}
    with pysam.AlignmentFile(arguments.input, check_sq=False) as source:
        if source.header.to_dict()["HD"].get("SS") != "unsorted:template-coordinate":
            sys.exit("the input is not in template-coordinate order")
        with pysam.AlignmentFile(arguments.output, "wb", header=source.header) as out:
            for record in source.fetch(until_eof=True):
                if record.is_unmapped or (record.is_paired and not record.has_tag("MC")):
                    continue
                places = sorted((record.reference_start, record.next_reference_start))
                key = (record.reference_id, *places, record.get_tag("RX"))
                record.set_tag("MI", str(molecules.setdefault(key, len(molecules))))
                out.write(record)


def consensus(arguments: argparse.Namespace) -> None:
    reads: dict[int, dict[bool, list[pysam.AlignedSegment]]] = defaultdict(
        lambda: {True: [], False: []}
    )
    with pysam.AlignmentFile(arguments.input, check_sq=False) as source:
        for record in source.fetch(until_eof=True):
            reads[int(record.get_tag("MI"))][record.is_read2].append(record)
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}})
    with pysam.AlignmentFile(arguments.output, "wb", header=header) as out:
        for molecule, mates in sorted(reads.items()):
            if len(mates[False]) < arguments.min_reads:
                continue
            for second, of_mate in mates.items():
                if not of_mate:
                    continue
                columns = zip(*(r.get_forward_sequence() for r in of_mate), strict=True)
                record = pysam.AlignedSegment(header)
                record.query_name = f"molecule{molecule}"
                record.query_sequence = "".join(Counter(c).most_common(1)[0][0] for c in columns)
                record.query_qualities = pysam.qualitystring_to_array(
                    "I" * len(record.query_sequence)
                )
                record.flag = (141 if second else 77) if mates[True] else 4
                out.write(record)


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--compression", choices=["1"])
    tools = parser.add_subparsers(required=True)
    tool = tools.add_parser("FastqToBam", allow_abbrev=False)
    tool.set_defaults(run=extract)
    tool.add_argument("--input", nargs="+", required=True)
    tool.add_argument("--read-structures", nargs="+", required=True)
    for name in ("--sample", "--library", "--read-group-id", "--output"):
        tool.add_argument(name, required=True)
    tool = tools.add_parser("GroupReadsByUmi", allow_abbrev=False)
    tool.set_defaults(run=group)
    tool.add_argument("--input", required=True)
    tool.add_argument("--output", required=True)
    tool.add_argument("--strategy", choices=["Adjacency"], required=True)
    tool.add_argument("--edits", type=int, required=True)
    tool = tools.add_parser("CallMolecularConsensusReads", allow_abbrev=False)
    tool.set_defaults(run=consensus)
    tool.add_argument("--input", required=True)
    tool.add_argument("--output", required=True)
    tool.add_argument("--min-reads", type=int, required=True)
    tool.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()

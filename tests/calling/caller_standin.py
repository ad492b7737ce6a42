"""Stands in for gatk and run_deepvariant where they are not installed.

It writes down the arguments that it was given, and a minimal output that is valid: every output
that an argument names, with one record of the reference's first base beyond 5,100. Columns are in
the order of the alphabet, as GATK sorts them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pysam

OUTPUTS = ("-O", "--f1r2-tar-gz")
POS = 5101


def options(arguments: list[str]) -> dict[str, list[str]]:
    """Values by option, whether given as `--name value` or as `--name=value`."""
    found: dict[str, list[str]] = {}
    for at, word in enumerate(arguments):
        if word.startswith("-"):
            name, _, value = word.partition("=")
            following = arguments[at + 1 : at + 2]
            found.setdefault(name, []).append(value or (following[0] if following else ""))
    return found


def sample_of(path: str) -> str:
    with pysam.AlignmentFile(path) as file:
        return str(file.header.to_dict()["RG"][0]["SM"])


def vcf(path: str, reference: str, samples: list[str]) -> None:
    """A VCF with a heterozygous record in the column of each sample but `N…`."""
    with pysam.FastaFile(reference) as fasta:
        contig = fasta.references[0]
        length, ref = fasta.lengths[0], fasta.fetch(contig, POS - 1, POS)
    alt = "ACGT"[("ACGT".index(ref) + 1) % 4]
    columns = sorted(samples)
    genotypes = ["0/0:30:30,0" if name.startswith("N") else "0/1:30:15,15" for name in columns]
    lines = [
        "##fileformat=VCFv4.2",
        f"##reference=file://{Path(reference).resolve()}",
        f"##GATKCommandLine=<ID=x,CommandLine={' '.join(sys.argv)}>",
        f"##contig=<ID={contig},length={length}>",
        '##FILTER=<ID=PASS,Description="x">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="x">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">',
        "\t".join(["#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT".replace(" ", "\t"), *columns]),
        "\t".join([contig, str(POS), ".", ref, alt, "50", "PASS", ".", "GT:DP:AD", *genotypes]),
    ]
    with pysam.BGZFile(path, "wb", None) as out:
        out.write(("\n".join(lines) + "\n").encode())


def main() -> None:
    arguments = sys.argv[1:]
    given = options(arguments)
    with Path(os.environ["STANDIN_RECORD"]).open("a", encoding="utf-8") as record:
        record.write(json.dumps(arguments) + "\n")
    if "--output_gvcf" in given:
        (reads,) = given["--reads"]
        for name in ("--output_vcf", "--output_gvcf"):
            vcf(given[name][0], given["--ref"][0], [sample_of(reads)])
        return
    if arguments[0] == "LearnReadOrientationModel":
        Path(given["-O"][0]).write_bytes(Path(given["-I"][0]).read_bytes())
        return
    if "--f1r2-tar-gz" in given:
        Path(given["--f1r2-tar-gz"][0]).write_bytes(b"counts")
    if arguments[0] == "FilterMutectCalls":
        Path(given["-O"][0]).write_bytes(Path(given["-V"][0]).read_bytes())
        return
    vcf(given["-O"][0], given["-R"][0], [sample_of(path) for path in given["-I"]])


if __name__ == "__main__":
    main()

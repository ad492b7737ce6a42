"""Loci of pathogenic substitutions and frequencies of common variants, from small made files."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import pathogenic_loci, population_frequencies

PERSONS = 2504


def loci(tmp_path: Path, *lines: str) -> list[tuple[object, ...]]:
    path = tmp_path / "loci.bed"
    path.write_text("".join(f"{line}\n" for line in lines))
    rows = pathogenic_loci.import_pathogenic_loci(path, "cacao", {"TOY"})["pathogenic_loci"]
    assert {row["source_id"] for row in rows} <= {"cacao"}
    return [(row["chrom"], row["pos"], row["gene"], row["residue"]) for row in rows]


def test_the_base_is_the_middle_of_a_locus(tmp_path: Path):
    found = loci(
        tmp_path,
        "7\t94\t105\tclinvar_path:TOY:p.R684",
        "7\t94\t105\tclinvar_path:TOY:p.R12",  # the same base on another isoform
        "X\t0\t11\tclinvar_path:TOY:p.A1",
    )
    assert found == [("chr7", 100, "TOY", "R"), ("chrX", 6, "TOY", "A")]


@pytest.mark.parametrize(
    "line",
    [
        "7\t94\t106\tclinvar_path:TOY:p.R684",  # two bases
        "7\t94\t105\tclinvar_path:TOY:p.R684fs",
        "7\t94\t105\tclinvar_path:TOY:p.K740dup",
        "7\t94\t105\tclinvar_path:TOY:c.100+1G",
        "7\t94\t105\tclinvar_path:OTHER:p.R684",
        "7\t94\t105\tcivic:TOY:p.R684",
        "7\t94\t105\thotspot:TOY|R684|0.01",
    ],
)
def test_other_loci_are_left_out(tmp_path: Path, line: str):
    assert loci(tmp_path, line) == []


@pytest.mark.parametrize("line", ["7\t94\t105", "7\tx\t105\tclinvar_path:TOY:p.R684"])
def test_another_file_is_told_with_its_line(tmp_path: Path, line: str):
    with pytest.raises(ResourceError, match=r"loci\.bed, row 2.*chromosome, start, end and name"):
        loci(tmp_path, "7\t94\t105\tclinvar_path:TOY:p.R684", line)


def archive(folder: Path, older: list[str], newer: list[str], counts: list[int]) -> Path:
    """A source archive of peddy with the given alternate alleles a place."""
    genotypes = np.zeros((len(counts), PERSONS), dtype=np.uint8)
    for at, count in enumerate(counts):
        genotypes[at, : count // 2] = 2
        genotypes[at, count // 2 : count // 2 + count % 2] = 1
    members = {
        "GRCH37.sites": "\n".join(older).encode(),
        "GRCH38.sites": "\n".join(newer).encode(),
        "GRCH38.sites.bin.gz": gzip.compress(genotypes.tobytes()),
    }
    path = folder / "peddy-1.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        for name, content in members.items():
            member = tarfile.TarInfo(f"peddy-1/peddy/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return path


def test_alternate_alleles_are_counted_where_the_builds_agree(tmp_path: Path):
    older = ["1:90:A:T", "1:190:G:A", "1:290:C:G", "1:390:C:G", "1:490:C:T"]
    newer = ["1:100:A:T", "1:200:A:G", "1:300:C:G", "1:400:C:A", "1:500:C:T"]
    path = archive(tmp_path, older, newer, [1253, 4000, 50, 4000, 51])
    rows = population_frequencies.import_peddy(path, "peddy", 0.01)["population_frequencies"]
    assert [(r["chrom"], r["pos"], r["ref"], r["alt"], r["frequency"]) for r in rows] == [
        ("chr1", 100, "A", "T", 0.2502),
        ("chr1", 500, "C", "T", 0.0102),  # 50 of 5008 are just below 1 %
    ]


def test_files_that_do_not_fit_are_told(tmp_path: Path):
    path = archive(tmp_path, ["1:90:A:T"], ["1:100:A:T"], [3, 4])
    with pytest.raises(ResourceError, match="places and genotypes do not fit"):
        population_frequencies.import_peddy(path, "peddy", 0.01)
    path.write_bytes(b"nothing")
    with pytest.raises(ResourceError, match="not the files of peddy"):
        population_frequencies.import_peddy(path, "peddy", 0.01)

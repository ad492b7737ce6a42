from __future__ import annotations

import random
import shlex
import sys
from pathlib import Path

import pysam
import pytest
from fastq_builders import SLICES, Genome, Read, pairs

from apothecary.errors import ResourceError
from apothecary.reads import consensus

SETTINGS = {"umi": "fgbio", "read_structures": ("8M2S+T", "+T")}


@pytest.fixture(scope="module")
def genome(tmp_path_factory) -> Genome:
    return Genome(tmp_path_factory.mktemp("genome"))


@pytest.fixture
def fgbio(tmp_path, monkeypatch) -> None:
    """A stand-in for fgbio, which no package index at hand has."""
    script = Path(__file__).with_name("fgbio_standin.py")
    program = tmp_path / "bin" / "fgbio"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")


def families(
    genome: Genome, seed: int, molecules: int = 40, copies: int = 3
) -> tuple[list[Read], list[Read]]:
    """Copies of molecules; of three copies of a read, one has an error at a place of its own."""
    chosen = random.Random(seed)
    start, _ = SLICES["chr7"]
    first, second = pairs("chr7", start, genome.bases["chr7"], molecules, seed)
    out: tuple[list[Read], list[Read]] = ([], [])
    for one, two in zip(first, second, strict=True):
        umi = "".join(chosen.choices("ACGT", k=8)) + "TT"
        for copy in range(copies):
            at = 10 + 20 * copy
            wrong = {"A": "C", "C": "G", "G": "T", "T": "A"}[one.bases[at]]
            bases = one.bases[:at] + wrong + one.bases[at + 1 :]
            out[0].append(Read(f"{one.name}_{copy}", umi + bases))
            out[1].append(Read(f"{two.name}_{copy}", two.bases))
    return out


def test_reads_of_a_molecule_become_one_read_without_their_errors(genome, fgbio):
    lanes = [
        genome.lane("UMI", "L1", families(genome, 1)),
        genome.lane("UMI", "L2", families(genome, 2)),
    ]
    done = genome.align(lanes, **SETTINGS)
    row = done.alignment
    assert (row["status"], row["reads"], row["removed"]) == ("ok", 480, 320)
    assert row["primary"] == row["mapped"] == 160
    assert row["duplicates"] is None
    files = genome.files("UMI")
    with pysam.AlignmentFile(str(files.alignments), index_filename=str(files.index)) as opened:
        head, found = opened.header.to_dict(), list(opened)
    assert head["RG"] == [
        {"ID": "UMI.consensus", "SM": "UMI", "LB": "UMI", "PL": "ILLUMINA"},
    ]
    assert len(found) == 160
    assert {record.get_tag("NM") for record in found} == {0}
    assert {record.cigarstring for record in found} == {"100M"}
    assert {record.reference_name for record in found} == {"chr7"}


def test_a_molecule_of_fewer_reads_than_asked_for_is_left_out(genome, fgbio):
    lanes = [
        genome.lane("FEW", "L1", families(genome, 3, copies=3)),
        genome.lane("FEW", "L2", families(genome, 4, molecules=10, copies=1)),
    ]
    done = genome.align(lanes, **SETTINGS, umi_min_reads=2)
    assert done.alignment["primary"] == 80
    assert done.alignment["removed"] == 260 - 80


def test_single_reads_have_consensus_as_well(genome, fgbio):
    lanes = [genome.lane("SINGLE", "L1", families(genome, 5)[:1])]
    done = genome.align(lanes, umi="fgbio", read_structures=("8M2S+T",))
    assert done.alignment["primary"] == 40


def test_lanes_that_do_not_fit_are_told(genome, fgbio):
    lanes = [
        genome.lane("ODD", "L1", families(genome, 6)),
        genome.lane("ODD", "L2", families(genome, 7)[:1], library="other"),
    ]
    done = genome.align(lanes, "odd", **SETTINGS)
    assert done.alignment["status"] == "failed"
    assert done.alignment["reason"] == (
        "ODD_L2_1.fastq.gz: 1 files a lane for 2 read structures; one of reads.read_structures in "
        "the config for each of fastq_1 and fastq_2 | ODD_L2_1.fastq.gz: library 'other', but "
        "'ODD' before; one library a sample: UMIs are told by it"
    )


def test_without_fgbio_its_environment_is_named(genome, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    lanes = [genome.lane("NONE", "L1", families(genome, 8))]
    with pytest.raises(ResourceError, match=r"fgbio is not on the search path.*alignment\.yaml"):
        genome.align(lanes, "none", **SETTINGS)


def test_the_words_of_the_extraction_are_those_that_fgbio_documents():
    row = {"sample_id": "S", "lane": "L1", "library": "lib"}
    words = consensus.extraction(
        row, [Path("/a/1.fq"), Path("/a/2.fq")], Path("/b"), ["8M+T", "+T"]
    )
    assert words == [
        *("fgbio", "--compression", "1", "FastqToBam", "--input", "/a/1.fq", "/a/2.fq"),
        *("--read-structures", "8M+T", "+T", "--sample", "S", "--library", "lib"),
        *("--read-group-id", "S.L1", "--output", "/b"),
    ]

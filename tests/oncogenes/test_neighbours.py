"""Neighbours of one codon: in cis they are one change, in trans and unknown they stay apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import BuiltPack, consequence, evidence, known, matched, sample, variant
from read_builders import Read, tiled, write_reads

from apothecary import settings, tables
from apothecary.alignments.files import Expected, admit
from apothecary.oncogenes import (
    annotation,
    naming_remarks,
    neighbours,
    phase,
    tumor_flags,
)
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.findings import by_locus
from apothecary.oncogenes.phase import Limits
from apothecary.oncogenes.settings import Settings
from apothecary.schemas import CONSEQUENCES, NEIGHBOURS

LIMITS = Limits(20, 20, 3, 0.8)
PACK = BuiltPack(
    known_variants=[
        known(140753336, "A", "T", "BRAF", "V600E", transcript="ENST1.1"),
        known(140753337, "C", "T", "BRAF", "V600M", transcript="ENST1.1"),
        known(140753336, "AC", "TT", "BRAF", "V600K", transcript="ENST1.1"),
        known(55181378, "C", "T", "EGFR", "T790M", transcript="ENST2.1"),
        known(55181398, "T", "A", "EGFR", "C797S", transcript="ENST2.1"),
    ],
    civic_evidence=[
        evidence("BRAF V600K"),
        evidence("BRAF V600E"),
        evidence("EGFR T790M AND EGFR C797S"),
    ],
)
BASES = {"chr7": (140753200, "G" * 136 + "AC" + "G" * 200)}
T790M = variant(pos=55181378, ref="C", alt="T")
C797S = variant(pos=55181398, ref="T", alt="A")
FIRST = variant(pos=140753336, ref="A", alt="T", vaf=0.3, depth=90)
SECOND = variant(pos=140753337, ref="C", alt="T", vaf=0.28, depth=100)


@pytest.fixture
def options(repository: Path) -> annotation.Options:
    return annotation.Options.of(settings.read(repository / "config" / "config.yaml"))


def reads(both: int, first: int, second: int) -> list[Read]:
    spans = (140753300, 140753380)

    def made(count: int, edits: dict[int, tuple[str, str]], name: str) -> list[Read]:
        return tiled(edits, [spans] * count, name, chrom="chr7")

    one, other = {140753336: ("A", "T")}, {140753337: ("C", "T")}
    return [
        *made(both, one | other, "both"),
        *made(first, one, "first"),
        *made(second, other, "second"),
        *made(5, {}, "none"),
    ]


def annotated(
    rows: list[dict[str, Any]],
    options: annotation.Options,
    folder: Path,
    path: str | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tumor = {"sample_id": "T1", "sample_in_file": "S1", "reads": path, "role": "tumor"}
    named, near = annotation.annotate(rows, [tumor], PACK, Facts(), options, folder)
    tables.to_arrow(CONSEQUENCES, named)
    tables.to_arrow(NEIGHBOURS, near)
    return named, near


def findings(
    rows: list[dict[str, Any]], named: list[dict[str, Any]], near: list[dict[str, Any]]
) -> set[str]:
    found = matched(rows, named, [], [], [sample()], PACK, Settings(), neighbours=near)
    return {row["alteration"] for row in found}


def test_two_substitutions_of_one_molecule_are_v600k(
    options: annotation.Options, tmp_path: Path
) -> None:
    path = write_reads(tmp_path / "t.bam", reads(6, 1, 0), BASES)
    named, near = annotated([FIRST, SECOND], options, tmp_path, path)
    (row,) = near
    assert (row["phase"], row["phase_source"], row["joined_change"], row["codon"]) == (
        "cis",
        "reads",
        "V600K",
        600,
    )
    assert (row["fragments_both"], row["fragments_first"], row["fragments_second"]) == (6, 1, 0)
    assert row["joined"] == "chr7:140753336:AC:TT"
    assert findings([FIRST, SECOND], named, near) == {"BRAF V600K"}
    (joined,) = neighbours.joined_variants([FIRST, SECOND], near)
    assert (joined["vaf"], joined["depth"], joined["ref"]) == (0.28, 90, "AC")
    assert naming_remarks.neighbours(near).startswith(
        "BRAF V600E and V600M lie on one molecule (reads: 6 fragments with both"
    )


@pytest.mark.parametrize(
    ("counts", "expected", "words"),
    [
        ((0, 6, 7), "trans", "0 fragments with both"),
        ((4, 5, 6), "unknown", "the fragments disagree"),
        ((1, 1, 0), "unknown", "too few fragments"),
    ],
)
def test_what_is_not_of_one_molecule_stays_apart(
    counts: tuple[int, int, int],
    expected: str,
    words: str,
    options: annotation.Options,
    tmp_path: Path,
) -> None:
    path = write_reads(tmp_path / "t.bam", reads(*counts), BASES)
    named, near = annotated([FIRST, SECOND], options, tmp_path, path)
    assert [(row["phase"], row["joined"]) for row in near] == [(expected, None)]
    assert words in near[0]["reason"]
    assert findings([FIRST, SECOND], named, near) == {"BRAF V600E", "BRAF V600M"}
    flags = tumor_flags.remarks(sample(), [FIRST, SECOND], by_locus(named), near)
    assert words in next(f["reason"] for f in flags if f["flag"] == "phase")


@pytest.mark.parametrize(
    ("first", "second", "sets", "expected"),
    [
        ("0|1", "0|1", ("5", "5"), "cis"),
        ("0|1", "1|0", ("5", "5"), "trans"),
        ("1|1", "1|0", ("5", "5"), "cis"),
        ("0|1", "0|1", ("5", "6"), "unknown"),
        ("0/1", "0|1", ("5", "5"), "unknown"),
    ],
)
def test_the_phase_of_the_file(
    first: str, second: str, sets: tuple[str, str], expected: str
) -> None:
    one = {**FIRST, "genotype": first, "phased": "|" in first, "phase_set": sets[0]}
    other = {**SECOND, "genotype": second, "phased": "|" in second, "phase_set": sets[1]}
    assert phase.of_file(one, other) == expected
    assert phase.of_pair(one, other, None, LIMITS).value == expected


def test_a_phased_file_needs_no_reads(options: annotation.Options, tmp_path: Path) -> None:
    phased = {"genotype": "0|1", "phased": True, "phase_set": "9"}
    rows = [{**FIRST, **phased}, {**SECOND, **phased}]
    named, near = annotated(rows, options, tmp_path)
    assert [(row["phase_source"], row["joined_change"]) for row in near] == [("file", "V600K")]
    assert findings(rows, named, near) == {"BRAF V600K"}


def test_what_nothing_names_is_not_joined(options: annotation.Options, tmp_path: Path) -> None:
    phased = {"genotype": "0|1", "phased": True, "phase_set": "9"}
    pack_rows = [r for r in PACK.rows("known_variants") if r["protein_change"] != "V600K"]
    pack = BuiltPack(known_variants=pack_rows)
    tumor = {"sample_id": "T1", "sample_in_file": "S1", "reads": None}
    rows = [{**FIRST, **phased}, {**SECOND, **phased}]
    _, near = annotation.annotate(rows, [tumor], pack, Facts(), options, tmp_path)
    assert [(row["joined"], row["phase"]) for row in near] == [(None, "cis")]
    assert near[0]["reason"].endswith("nothing names the change that they make")


def test_bases_between_two_neighbours_must_be_known() -> None:
    one, other = variant(pos=10, ref="A", alt="T"), variant(pos=12, ref="G", alt="C")
    pair = neighbours.Pair(one, other, (consequence(one, "X"), consequence(other, "X")), 4)
    known_phase = phase.Phase(phase.CIS, phase.FILE, None, None, None, "phased")
    (row,) = neighbours.assess([pair], lambda a, b: known_phase, None)
    assert row["joined"] is None
    assert "the bases between them are not known" in row["reason"]


@pytest.mark.parametrize(("both", "apart", "expected"), [(6, 0, "cis"), (0, 6, "trans")])
def test_a_pair_that_evidence_asks_for_is_told_cis_or_trans(
    both: int, apart: int, expected: str, options: annotation.Options, tmp_path: Path
) -> None:
    bases = {"chr7": (55181300, "G" * 78 + "C" + "G" * 19 + "T" + "G" * 100)}
    one, other = {55181378: ("C", "T")}, {55181398: ("T", "A")}
    span = (55181350, 55181420)
    made = [
        *tiled(one | other, [span] * both, "both", chrom="chr7"),
        *tiled(one, [span] * apart, "one", chrom="chr7"),
        *tiled(other, [span] * apart, "other", chrom="chr7"),
    ]
    path = write_reads(tmp_path / "t.bam", made, bases)
    named, near = annotated([T790M, C797S], options, tmp_path, path)
    assert [(r["phase"], r["codon"], r["joined"]) for r in near] == [(expected, None, None)]
    flags = tumor_flags.remarks(sample(), [T790M, C797S], by_locus(named), near)
    (told,) = [f["reason"] for f in flags if f["flag"] == "phase"]
    assert told.startswith(f"EGFR T790M and C797S are in {expected} (reads: ")


def test_poor_reads_do_not_count(tmp_path: Path) -> None:
    poor = [Read(f"p{n}", 140753300, 140753380, chrom="chr7", base_quality=5) for n in range(9)]
    low = [Read(f"l{n}", 140753300, 140753380, chrom="chr7", mapping_quality=3) for n in range(9)]
    path = write_reads(tmp_path / "t.bam", [*reads(3, 0, 0), *poor, *low], BASES)
    alignment = admit(path, Expected(("S1",), "GRCh38", frozenset({"chr7"})), "", tmp_path)
    told = phase.of_pair(FIRST, SECOND, alignment, LIMITS)
    assert (told.value, told.both, told.first, told.second) == ("cis", 3, 0, 0)


def test_pairs_that_profiles_join() -> None:
    names = ["EGFR T790M AND EGFR C797S", "KRAS G12D OR KRAS G12V", "BRAF V600E AND NRAS Q61K"]
    assert neighbours.pairs_asked(names) == {("EGFR", "C797S", "T790M")}


def test_alleles_of_one_place_are_no_pair() -> None:
    one, other = variant(), variant(alt="G")
    rows = [consequence(one, "BRAF", "V600E"), consequence(other, "BRAF", "V600A")]
    assert neighbours.pairs([one, other], rows, frozenset()) == []


def test_reads_that_cannot_be_taken_leave_the_phase_unknown(
    options: annotation.Options, tmp_path: Path
) -> None:
    path = tmp_path / "cut.bam"
    path.write_bytes(b"no alignment")
    named, near = annotated([FIRST, SECOND], options, tmp_path, str(path))
    assert [(row["phase"], row["joined"]) for row in near] == [("unknown", None)]
    assert near[0]["reason"].startswith("the reads cannot be taken: ")
    assert findings([FIRST, SECOND], named, near) == {"BRAF V600E", "BRAF V600M"}


def test_two_of_three_in_trans_are_joined_with_none() -> None:
    one, two, three = (variant(pos=10 + n, ref="A", alt="T") for n in range(3))
    names = tuple(consequence(v, "X") for v in (one, two))
    found = [
        neighbours.Pair(a, b, (names[0], names[1]), 4)
        for a, b in ((one, two), (one, three), (two, three))
    ]
    phases = {(10, 11): phase.CIS, (11, 12): phase.CIS, (10, 12): phase.TRANS}

    def phase_of(a: Any, b: Any) -> phase.Phase:
        value = phases[a["pos"], b["pos"]]
        return phase.Phase(value, phase.READS, 5, 0, 0, "told")

    assert [row["joined"] for row in neighbours.assess(found, phase_of, None)] == [None] * 3
    phases[10, 12] = phase.CIS
    rows = neighbours.assess(found, phase_of, None)
    assert {row["joined"] for row in rows} == {"chr7:10:AAA:TTT"}

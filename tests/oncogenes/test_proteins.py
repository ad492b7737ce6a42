from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.oncogenes import proteins
from apothecary.oncogenes.proteins import ProteinChange, parse, same


@pytest.mark.parametrize(
    ("text", "one", "three"),
    [
        ("V600E", "V600E", "p.Val600Glu"),
        ("p.Val600Glu", "V600E", "p.Val600Glu"),
        ("NP_004324.2:p.(Val600Glu)", "V600E", "p.Val600Glu"),
        ("p.(Glu23ValfsTer17)", "E23Vfs*17", "p.Glu23ValfsTer17"),
        ("R135FSX177", "R135fs*177", "p.Arg135fsTer177"),
        ("W288FS", "W288fs", "p.Trp288fs"),
        ("p.LW287fs", "L287fs", "p.Leu287fs"),
        ("W515X", "W515*", "p.Trp515Ter"),
        ("E384*", "E384*", "p.Glu384Ter"),
        ("p.Arg1286%3D", "R1286=", "p.Arg1286="),
        ("E746_A750del", "E746_A750del", "p.Glu746_Ala750del"),
        ("D842_H845DELDIMH", "D842_H845del", "p.Asp842_His845del"),
        ("HV12del", "H12_V13del", "p.His12_Val13del"),
        ("E746_T751>I", "E746_T751delinsI", "p.Glu746_Thr751delinsIle"),
        ("M774DELINSWLV", "M774delinsWLV", "p.Met774delinsTrpLeuVal"),
        ("p.594_600FREYEYD>Y", "F594_D600delinsY", "p.Phe594_Asp600delinsTyr"),
        ("D770_N771insSVD", "D770_N771insSVD", "p.Asp770_Asn771insSerValAsp"),
        ("A767_V769dupASV", "A767_V769dup", "p.Ala767_Val769dup"),
        ("M1?", "M1?", "p.Met1?"),
        ("*214L", "*214Lext*?", "p.Ter214LeuextTer?"),
        ("p.X168_splice", "X168_splice", "p.X168_splice"),
    ],
)
def test_spellings_of_sources_are_read(text: str, one: str, three: str) -> None:
    change = parse(text)
    assert change is not None
    assert (change.one_letter(), change.three_letter()) == (one, three)


@pytest.mark.parametrize(
    "text", ["", "p.", "Mutation", "Exon 19", "p.?", "V600", "c.35G>A", "x" * 3000]
)
def test_other_text_is_no_protein_change(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("V600E", "p.Val600Glu", True),
        ("V600E", "V600K", False),
        ("A767_V769dupASV", "V769_D770insASV", True),
        ("S768_D770dup", "D770_N771insSVD", True),
        ("S768_D770dup", "D770_N771insSVE", False),
        ("A767_V769dupASV", "V769_D770insASC", False),
        ("W288fs", "p.-288fs", True),
        ("E23fs", "p.Glu23ValfsTer17", True),
        ("E23fs", "E24fs", False),
        ("E746_A750del", "E746_A750delELREA", True),
        ("E746_A750del", "E746_T751del", False),
        ("K23fs", "K23*", False),
    ],
)
def test_two_spellings_are_one_change(one: str, other: str, expected: bool) -> None:
    first, second = parse(one), parse(other)
    assert first is not None
    assert second is not None
    assert same(first, second) is expected
    assert same(second, first) is expected


@pytest.mark.parametrize(
    ("ref", "alt", "expected"),
    [
        ("V", "E", "V10E"),
        ("V", "V", "V10="),
        ("VK", "V", "K11del"),
        ("VK", "VAK", "V10_K11insA"),
        ("VA", "VAA", "A11dup"),
        ("VKV", "VAAV", "K11delinsAA"),
        ("VK", "V*", "K11*"),
    ],
)
def test_residues_are_trimmed_to_what_changes(ref: str, alt: str, expected: str) -> None:
    assert proteins.from_residues(10, ref, alt).one_letter() == expected


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    change = parse(text)
    assert change is None or isinstance(change.one_letter(), str)


residues = st.sampled_from(sorted("ACDEFGHIKLMNPQRSTVWY"))


@given(residues, st.integers(1, 5000), residues, st.lists(residues, min_size=1, max_size=5))
def test_what_is_written_is_read_again(ref: str, pos: int, other: str, new: list[str]) -> None:
    changes = [
        ProteinChange(proteins.NONSENSE, pos, pos, ref, ref),
        ProteinChange(proteins.FRAMESHIFT, pos, pos, ref, ref, other, 12),
        ProteinChange(proteins.DELETION, pos, pos + 3, ref, other),
        ProteinChange(proteins.INSERTION, pos, pos + 1, ref, other, "".join(new)),
        ProteinChange(proteins.DELINS, pos, pos + 3, ref, other, "".join(new)),
        ProteinChange(proteins.DUPLICATION, pos, pos + 2, ref, other),
    ]
    for change in changes:
        assert parse(change.one_letter()) == change
        assert parse(change.three_letter()) == change

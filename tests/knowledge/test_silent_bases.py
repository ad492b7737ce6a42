"""Undocumented bases of defining positions that leave the protein as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apothecary.knowledge import tsv
from apothecary.knowledge.importers.silent_bases import import_silent_bases
from apothecary.knowledge.schemas import PACK
from apothecary.variants.reference import Either, Fasta

EMBEDDED = Path(__file__).parents[2] / "resources" / "knowledge"

Row = dict[str, Any]


class Bases:
    """A chromosome whose first base is 101."""

    def __init__(self, text: str) -> None:
        self._text = text

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        found = self._text[start - 101 : end - 100] if chrom == "chr1" and start > 100 else ""
        return found if len(found) == end - start + 1 else None


def exon(start: int, end: int) -> Row:
    span = {"start": start, "end": end, "coding_start": start, "coding_end": end}
    return {"gene": "G", "chrom": "chr1", **span}


def position(pos: int, ref: str, *alts: str, role: str = "defining") -> Row:
    return {
        "gene": "G",
        "position_id": f"chr1:{pos}:{ref}",
        "chrom": "chr1",
        "pos": pos,
        "ref": ref,
        "alts": list(alts),
        "role": role,
    }


def found(
    positions: list[Row], text: str, exons: list[Row], strand: str = "+"
) -> dict[int, tuple[str, str, int]]:
    regions = [{"gene": "G", "strand": strand}]
    rows = import_silent_bases(positions, exons, regions, Bases(text), "exons", "bases")
    given: dict[int, tuple[str, str, int]] = {}
    for row in rows["pgx_silent_bases"]:
        pos = int(row["position_id"].split(":")[1])
        before = given.get(pos, ("",))[0]
        given[pos] = (before + row["bases"], row["residue"], row["codon"])
    return given


# M A H L *, with one base of an exon's end to spare on either side.
TEXT = "ATGGCTCACCTATGA"
WHOLE = [exon(101, 115)]


def test_the_third_base_of_a_codon_may_be_silent():
    # GCT: every third base is alanine; CAC: T too is histidine, A and G are glutamine.
    assert found([position(106, "T", "C")], TEXT, WHOLE) == {106: ("AG", "A", 2)}
    assert found([position(109, "C", "G")], TEXT, WHOLE) == {109: ("T", "H", 3)}
    # CTA: T at the first base is leucine as well.
    assert found([position(110, "C")], TEXT, WHOLE) == {110: ("T", "L", 4)}
    assert found([position(105, "C")], TEXT, WHOLE) == {}


def test_the_other_strand():
    turned = TEXT[::-1].translate(str.maketrans("ACGT", "TGCA"))
    # Base 106 of the forward case is 110 here, and its bases are those of the other strand.
    assert found([position(110, "A", "G")], turned, WHOLE, "-") == {110: ("CT", "A", 2)}


def test_a_codon_over_an_intron():
    exons = [exon(101, 107), exon(111, 118)]
    text = TEXT[:7] + "GTA" + TEXT[7:]
    assert found([position(113, "C")], text, exons) == {}
    wide = [{**exons[0]}, {**exons[1], "start": 108}]
    # The same with the exon's end further away: the codon is read over the gap.
    assert found([position(112, "C")], text, wide) == {112: ("T", "H", 3)}


def test_what_is_left_out():
    # Ends of exons, codons with two positions, positions that define nothing, other bases.
    assert found([position(113, "T")], TEXT, WHOLE) == {}
    assert found([position(105, "C", "G"), position(106, "T")], TEXT, WHOLE) == {}
    assert found([position(106, "T", role="extra")], TEXT, WHOLE) == {}
    assert found([position(106, "G")], TEXT, WHOLE) == {}
    assert found([position(106, "T")], TEXT[:4], WHOLE) == {}
    assert found([position(106, "TC", "T")], TEXT, WHOLE) == {}
    assert found([position(200, "T")], TEXT, WHOLE) == {}


@pytest.fixture(scope="module")
def embedded() -> dict[str, list[Row]]:
    names = ("pgx_silent_bases", "pgx_positions", "exons", "gene_regions")
    files = {name: tsv.find(EMBEDDED, PACK[name]) for name in names}
    return {name: tsv.read(path, PACK[name]).rows for name, path in files.items() if path}


def test_embedded_rows_stand_at_coding_positions_that_do_not_know_them(embedded):
    positions = {(row["gene"], row["position_id"]): row for row in embedded["pgx_positions"]}
    for row in embedded["pgx_silent_bases"]:
        own = positions[row["gene"], row["position_id"]]
        assert row["bases"] not in (own["ref"], *own["alts"])
        assert any(
            one["gene"] == row["gene"]
            and (one["coding_start"] or 0) <= own["pos"] <= (one["coding_end"] or 0)
            for one in embedded["exons"]
        )


@pytest.mark.shared
def test_embedded_rows_are_a_fresh_import(shared: Path, tmp_path: Path, embedded):
    paths = [shared / f"data/reference/{name}_slices.fa.gz" for name in ("grch38", "oncogene")]
    fresh = import_silent_bases(
        embedded["pgx_positions"],
        embedded["exons"],
        embedded["gene_regions"],
        Either(*(Fasta(path, tmp_path) for path in paths)),
        "refseq_exons",
        "grch38_slices",
    )["pgx_silent_bases"]
    key = ("gene", "position_id", "bases")
    by_key = [
        sorted(rows, key=lambda row: [row[k] for k in key])
        for rows in (fresh, embedded["pgx_silent_bases"])
    ]
    assert by_key[0] == by_key[1]

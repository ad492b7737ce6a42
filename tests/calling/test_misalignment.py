"""Substitutions on reads that end beside an indel and fit it."""

from __future__ import annotations

import pytest
from calling_builders import Reads, bases, fasta

from apothecary.alignments import files
from apothecary.calling import somatic
from apothecary.calling.somatic import SomaticSettings
from apothecary.variants.reference import Fasta

START = 9001
TEXT = bases(600, 33)
AT = 300
"""Offset of the last base before the indel."""


def haplotype(deleted: int, inserted: str) -> str:
    return TEXT[: AT + 1] + inserted + TEXT[AT + 1 + deleted :]


def carrying(made: Reads, count: int, deleted: int, inserted: str, beyond: int = 30) -> None:
    """Reads over the indel, aligned as they should be."""
    text = haplotype(deleted, inserted)
    for at in range(count):
        low = AT - 100 + beyond + at % 40
        before = AT + 1 - low
        change = f"{deleted}D" if deleted else f"{len(inserted)}I"
        after = 100 - before - len(inserted)
        cigar = f"{before}M{change}{after}M"
        made.add("chr3", START + low, text[low : low + 100], cigar, reverse=at % 2 == 1)


def ending(made: Reads, count: int, deleted: int, inserted: str, beyond: int, left: bool) -> None:
    """Reads that reach a few bases beyond the indel and are aligned straight through."""
    text = haplotype(deleted, inserted)
    for at in range(count):
        if left:
            low = AT + 1 + beyond - 100
            made.add("chr3", START + low, text[low : low + 100], reverse=at % 2 == 1)
        else:
            first = AT + 1 + len(inserted) - beyond
            place = AT + 1 + deleted - beyond
            made.add("chr3", START + place, text[first : first + 100], reverse=at % 2 == 1)


def plain(made: Reads, count: int, change: tuple[int, str] | None = None) -> None:
    text = TEXT
    if change:
        text = TEXT[: change[0]] + change[1] + TEXT[change[0] + 1 :]
    for at in range(count):
        low = AT - 90 + at * 7 % 85
        made.add("chr3", START + low, text[low : low + 100], reverse=at % 2 == 1)


def called(folder, tumor, normal, config):
    reference = Fasta(fasta(folder / "slices.fa", {("chr3", START): TEXT}), folder / "fasta")
    opened = [
        files.look(str(made.write(folder / f"{name}.bam")))
        for name, made in (("tumor", tumor), ("normal", normal))
    ]
    span = [("chr3", START + 200, START + 400)]
    settings = SomaticSettings.from_config(config)
    found = somatic.call(opened[0], opened[1], reference, span, frozenset(), settings)
    return [c for c in found if len(c.ref) == len(c.alt)]


@pytest.mark.parametrize("left", [True, False], ids=["held before", "held after"])
@pytest.mark.parametrize(
    ("deleted", "inserted"), [(3, ""), (1, ""), (0, "GTCA")], ids=["3D", "1D", "4I"]
)
def test_the_ends_of_reads_beside_a_germline_indel_are_no_change(
    tmp_path, calling_config, deleted, inserted, left
):
    tumor, normal = Reads(), Reads()
    for made, depth in ((tumor, 140), (normal, 25)):
        plain(made, depth)
        carrying(made, depth, deleted, inserted)
    ending(tumor, 12, deleted, inserted, beyond=8, left=left)
    found = called(tmp_path, tumor, normal, calling_config)
    assert found
    assert all("indel_misalignment" in c.filters for c in found)


def test_an_indel_that_only_the_normal_shows_explains_as_well(tmp_path, calling_config):
    tumor, normal = Reads(), Reads()
    plain(tumor, 280)
    plain(normal, 25)
    carrying(normal, 25, 3, "")
    ending(tumor, 12, 3, "", beyond=8, left=True)
    found = called(tmp_path, tumor, normal, calling_config)
    assert found
    assert all("indel_misalignment" in c.filters for c in found)


@pytest.mark.parametrize("offset", [AT - 12, AT + 6, AT + 12, AT + 25])
def test_a_true_change_beside_an_indel_passes(tmp_path, calling_config, offset):
    tumor, normal = Reads(), Reads()
    for made, depth in ((tumor, 120), (normal, 25)):
        plain(made, depth)
        carrying(made, depth, 3, "")
    # The base that the indel would bring there, so that only the rest of the read tells.
    alt = haplotype(3, "")[offset] if offset > AT else TEXT[offset - 3]
    if alt == TEXT[offset]:
        alt = next(base for base in "ACGT" if base != TEXT[offset])
    plain(tumor, 60, (offset, alt))
    (change,) = called(tmp_path, tumor, normal, calling_config)
    assert (change.pos, change.alt) == (START + offset, alt)
    assert "indel_misalignment" not in change.filters


def test_without_an_indel_the_ends_of_reads_are_changes(tmp_path, calling_config):
    tumor, normal = Reads(), Reads()
    plain(tumor, 200)
    plain(normal, 40)
    ending(tumor, 12, 3, "", beyond=8, left=True)
    found = called(tmp_path, tumor, normal, calling_config)
    assert found
    assert all("indel_misalignment" not in c.filters for c in found)

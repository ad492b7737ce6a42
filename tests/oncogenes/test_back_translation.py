from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import base, write_models

from apothecary.oncogenes import back_translation, hgvs, proteins
from apothecary.oncogenes.gene_models import Reference, Transcript, read_gff

Toys = tuple[dict[str, Transcript], Reference, hgvs.Namer]


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    fasta, gff = write_models(tmp_path_factory.mktemp("back"))
    reference = Reference(fasta)
    return {t.gene: t for t in read_gff(gff)}, reference, hgvs.Namer(reference)


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A2D", 2),
        ("E4*", 3),
        ("M1?", 9),
        ("G5del", 1),
        ("G5dup", 2),  # GGT twice, or GGA before it
        ("A2_C3insW", 1),
        ("G5_H6delinsW", 1),
        ("A2=", 3),
        ("*24Qext*?", 2),
        ("V600E", 0),  # beyond the protein
        ("C2D", 0),  # another residue
        ("X11_splice", 0),
        ("L8V", 4),
        ("Q11E", 1),  # GAA lies across the border of exons
    ],
)
def test_every_way_is_listed(toys: Toys, gene: str, text: str, count: int) -> None:
    transcripts, reference, namer = toys
    change = proteins.parse(text)
    assert change is not None
    found = back_translation.variants(change, namer.messenger(transcripts[gene]), reference)
    assert len(found) == count
    for _, pos, ref, alt in found:
        assert base(pos, len(ref)) == ref
        made = namer.name(transcripts[gene], pos, ref, alt).change
        assert made is not None
        assert proteins.same(change, made)


@given(number=st.integers(4, 68), alt=st.sampled_from("ACGT"), plus=st.booleans())
def test_there_and_back(toys: Toys, number: int, alt: str, plus: bool) -> None:
    transcripts, reference, namer = toys
    transcript = transcripts["PLUS" if plus else "MINUS"]
    of = namer.messenger(transcript)
    pos = of.position((of.coding_start or 0) + number - 1)
    if alt == base(pos):
        return
    change = namer.name(transcript, pos, base(pos), alt).change
    assert change is not None
    assert ("chr7", pos, base(pos), alt) in back_translation.variants(change, of, reference)


def test_a_frameshift_lists_one_base_more_or_less(toys: Toys) -> None:
    transcripts, reference, namer = toys
    change = proteins.parse("E4fs")
    assert change is not None
    found = back_translation.variants(change, namer.messenger(transcripts["PLUS"]), reference)
    assert {len(alt) - len(ref) for _, _, ref, alt in found} == {-1, 1}
    assert len(found) >= 6

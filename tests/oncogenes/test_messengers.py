from __future__ import annotations

from pathlib import Path

import pytest
from oncogene_builders import CODING, write_models

from apothecary.oncogenes.gene_models import Reference, read_gff
from apothecary.oncogenes.messengers import Messenger, messenger, reverse_complement


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Messenger]:
    folder: Path = tmp_path_factory.mktemp("messengers")
    fasta, gff = write_models(folder)
    return {t.gene: messenger(t, Reference(fasta)) for t in read_gff(gff)}


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_bases_and_places_agree(laid_out: dict[str, Messenger], gene: str) -> None:
    of = laid_out[gene]
    assert of.bases[of.coding_start : of.coding_end] == CODING
    assert of.coding_bases == len(CODING)
    for base in range(len(of.bases)):
        place = of.place(of.position(base))
        assert (place.base, place.offset) == (base, 0)
    assert [of.exon_index(base) for base in (0, 39, 40, 92)] == [0, 0, 1, 1]


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
@pytest.mark.parametrize(
    ("base", "further", "expected"),
    [
        (9, 0, "1"),
        (0, 0, "-9"),
        (0, -5, "-14"),
        (39, 1, "31+1"),
        (39, 30, "31+30"),
        (40, -1, "32-1"),
        (40, -30, "32-30"),
        (80, 0, "72"),
        (81, 0, "*1"),
        (92, 0, "*12"),
        (92, 8, "*20"),
    ],
)
def test_labels(
    laid_out: dict[str, Messenger], gene: str, base: int, further: int, expected: str
) -> None:
    of = laid_out[gene]
    step = 1 if of.plus else -1
    assert of.label(of.place(of.position(base) + step * further)) == expected


def test_the_other_strand() -> None:
    assert reverse_complement("AACGN") == "NCGTT"

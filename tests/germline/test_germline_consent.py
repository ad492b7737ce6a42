"""No gene without consent is classified, whatever was read of it."""

from __future__ import annotations

import pytest
from germline_builders import POS, called, classify, csq, listed, pack, region
from oncogene_builders import PLUS_START

STOP = csq("stop_gained", protein="p.Glu5Ter", exon="1/9")
LISTS = pack(listed("PLUS"), listed("MINUS", "acmg_sf"))


@pytest.mark.parametrize(
    ("scopes", "role", "genes"),
    [
        (("germline",), "germline", {"PLUS"}),
        (("secondary_findings",), "germline", {"MINUS"}),
        (("germline", "secondary_findings"), "normal", {"PLUS", "MINUS"}),
        (("pharmacogenes",), "germline", set()),
        ((), "germline", set()),
        (("tumor", "germline"), "tumor", set()),
    ],
)
def test_scopes_open_the_genes_of_their_lists(scopes, role, genes):
    variants = [called(STOP), called(csq("stop_gained", "MINUS"), PLUS_START + 710)]
    rows = classify(variants, LISTS, scopes=scopes, role=role)
    assert {row["gene"] for row in rows} == genes


def test_a_gene_that_lies_over_an_agreed_one_is_not_named():
    over = pack(
        listed("PLUS"), listed("OVER", "acmg_sf"),
        gene_regions=[region("PLUS", PLUS_START), region("OVER", PLUS_START)],
    )  # fmt: skip
    told = f"{STOP},{csq('missense_variant', 'OVER', 'p.Glu5Lys').rpartition(':')[2]}"
    rows = classify([called(told)], over, scopes=("germline",))
    assert [row["gene"] for row in rows] == ["PLUS"]
    assert "OVER" not in str(rows)
    rows = classify([called(told)], over, scopes=("germline", "secondary_findings"))
    assert {row["gene"] for row in rows} == {"PLUS", "OVER"}


@pytest.mark.parametrize("fate", ["reference", "no_call", "symbolic", "rejected", "duplicate"])
def test_what_is_no_call_of_the_allele_is_not_classified(fate):
    assert classify([called(STOP, fate=fate)]) == []


def test_an_allele_that_two_records_kept_is_one_row():
    assert len(classify([called(STOP, record=1), called(STOP, record=2)])) == 1


def test_a_variant_beside_the_gene_is_not_classified():
    assert classify([called(None, POS + 100_000)]) == []

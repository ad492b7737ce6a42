"""Classification of the variants of a batch: which are classified, in which gene and transcript."""

from __future__ import annotations

import pytest
from oncogene_builders import consequence, known, variant
from sop_builders import PROCEDURE, annotated, classify, pack, role

from apothecary import schemas, tables
from apothecary.oncogenes import oncogenicity
from apothecary.oncogenes.sop.settings import Settings

KNOWLEDGE = pack(gene_roles=[role("TOY")])


def classified(variants, consequences, knowledge=KNOWLEDGE):
    return oncogenicity.classify(variants, consequences, knowledge, PROCEDURE, {})


def test_variants_that_were_dropped_or_are_reference_are_not_classified():
    rows = [variant(fate=fate) for fate in ("kept", "filtered")]
    assert len(classified(rows, [consequence(rows[0], "TOY", "G20D")])[0]) == 1
    for other in (variant(fate="withheld"), variant(allele_index=0, alt=".")):
        assert classified([other], [consequence(other, "TOY", "G20D")]) == ([], [])


def test_a_variant_of_two_genes_has_a_class_in_each_and_none_outside_of_transcripts():
    seen = variant()
    rows = [
        consequence(seen, "TOY", "R10*", consequence="stop_gained"),
        consequence(seen, "OTHER", None, consequence="upstream_gene_variant"),
        consequence(seen, "THIRD", "G20=", consequence="synonymous_variant"),
    ]
    classes, _ = classified([seen], rows)
    assert [(row["gene"], row["class"]) for row in classes] == [
        ("THIRD", "Likely Benign"),
        ("TOY", "Likely Oncogenic"),
    ]


def test_a_variant_of_a_promoter_is_classified_where_a_transcript_names_it():
    seen = variant()
    before = consequence(seen, "TERT", None, consequence="upstream_gene_variant")
    assert classified([seen], [before]) == ([], [])
    (row,) = classified([seen], [{**before, "hgvs_c": "c.-124C>T"}])[0]
    assert (row["gene"], row["class"]) == ("TERT", "VUS")


def test_a_change_that_the_input_does_not_name_is_known_by_its_coordinate():
    seen = variant()
    unnamed = consequence(seen, "BRAF", None)
    knowledge = pack(known_variants=[known(seen["pos"], "A", "T", "BRAF", "V600E")])
    (row,) = classified([seen], [unnamed], knowledge)[0]
    assert row["protein_change"] == "V600E"
    # What the input names stays, another gene's name is not taken, nor one of another build.
    (row,) = classified([seen], [{**unnamed, "protein_change": "V640E"}], knowledge)[0]
    assert row["protein_change"] == "V640E"
    (row,) = classified([seen], [consequence(seen, "TOY", None)], knowledge)[0]
    assert row["protein_change"] is None
    old = variant(build="GRCh37")
    (row,) = classified([old], [consequence(old, "BRAF", None)], knowledge)[0]
    assert row["protein_change"] is None


def test_the_mane_transcript_goes_before_the_one_that_is_hit_harder():
    seen = variant()
    mane = consequence(seen, "TOY", "G20=", consequence="synonymous_variant", transcript="M")
    other = consequence(seen, "TOY", "R10*", consequence="stop_gained", transcript="O", mane=False)
    (row,) = classified([seen], [other, mane])[0]
    assert row["transcript"] == "M"
    (row,) = classified([seen], [other, {**mane, "mane": False}])[0]
    assert row["transcript"] == "O"


def test_the_highest_frequency_of_all_samples_counts():
    rows = [variant(sample_id="A", population_af=0.001), variant(sample_id="B", population_af=0.2)]
    (row,) = classified(rows, [consequence(rows[0], "TOY", "G20D")])[0]
    assert row["codes"] == ["SBVS1"]


def test_rows_fit_the_tables_and_are_the_same_again(tmp_path):
    seen = variant(annotation=annotated("TOY"))
    found = classified([seen], [consequence(seen, "TOY", "R10*", consequence="stop_gained")])
    for name, table, rows in (
        ("a", schemas.ONCOGENICITY, found[0]),
        ("b", schemas.ONCOGENICITY_CODES, found[1]),
    ):
        tables.write(tmp_path / name, table, rows)
        again = tables.read_rows(tmp_path / name, table)
        assert again == rows
    assert [line["rank"] for line in found[1]] == list(range(1, len(found[1]) + 1))


def test_a_delins_and_a_splice_change_without_a_protein_name():
    row, _ = classify("V20K", "missense_variant", knowledge=KNOWLEDGE)
    assert row["protein_change"] == "V20K"
    row, _ = classify(None, "splice_acceptor_variant", knowledge=KNOWLEDGE, hgvs_c="c.1216-1G>A")
    assert (row["class"], row["protein_change"]) == ("Likely Oncogenic", None)


def test_an_unknown_setting_is_a_bug():
    with pytest.raises(ValueError, match="unknown settings"):
        Settings.of({"rare": 1})
    assert Settings.of({"alphamissense": "x.tsv", "criteria": "pcgr"}).criteria == "pcgr"

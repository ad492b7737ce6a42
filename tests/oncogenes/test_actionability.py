from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import (
    BuiltPack,
    consequence,
    evidence,
    known,
    matched,
    sample,
    variant,
)

from apothecary import tables
from apothecary.oncogenes.settings import Settings
from apothecary.schemas import ACTIONABILITY

BRAF = variant()
V600E = consequence(BRAF, "BRAF", "V600E", hgvs_c="c.1799T>A", exon="15/18")


def match(
    items: list[dict[str, Any]],
    variants: list[dict[str, Any]] | None = None,
    consequences: list[dict[str, Any]] | None = None,
    copy_number: list[dict[str, Any]] | None = None,
    fusions: list[dict[str, Any]] | None = None,
    samples: list[dict[str, Any]] | None = None,
    settings: Settings | dict[str, Any] | None = None,
    **pack: Any,
) -> list[dict[str, Any]]:
    rows = matched(
        [BRAF] if variants is None else variants,
        [V600E] if consequences is None else consequences,
        copy_number or [],
        fusions or [],
        samples or [sample()],
        BuiltPack(civic_evidence=items, **pack),
        settings or Settings(),
    )
    assert tables.to_arrow(ACTIONABILITY, rows).num_rows == len(rows)
    return rows


def only(*args: Any, **more: Any) -> dict[str, Any]:
    (row,) = match(*args, **more)
    return row


def changed(gene: str, change: str | None, **more: Any) -> dict[str, Any]:
    """A variant with one name, as arguments of `match`."""
    place = more.pop("place", {})
    one = variant(pos=1, **place)
    return {"variants": [one], "consequences": [consequence(one, gene, change, **more)]}


def copies(gene: str, state: str, total: float) -> dict[str, Any]:
    return {"sample_id": "T1", "gene": gene, "chrom": "chr1", "state": state, "total": total}


DELETION = "inframe_deletion"
FRAMESHIFT = "frameshift_variant"


def upstream(bases: int) -> dict[str, Any]:
    return {"hgvs_c": f"c.-{bases}C>T", "consequence": "upstream_gene_variant"}


def fusion(five: str, three: str) -> dict[str, Any]:
    return {"sample_id": "T1", "gene_5prime": five, "gene_3prime": three, "row": 2}


def test_a_row_holds_the_finding_and_its_evidence() -> None:
    item = evidence("BRAF V600E", therapies=["A", "B"], therapy_interaction="Combination")
    row = only([item])
    assert row == {
        "sample_id": "T1",
        "finding_id": "chr7:140753336:A:T",
        "evidence_id": item["evidence_id"],
        "gene": "BRAF",
        "alteration": "BRAF V600E",
        "chrom": "chr7",
        "pos": 140753336,
        "ref": "A",
        "alt": "T",
        "vaf": 0.3,
        "depth": 200,
        "molecular_profile": "BRAF V600E",
        "match": "exact",
        "therapies": ["A", "B"],
        "therapy_interaction": "combination",
        "evidence_type": "predictive",
        "effect": "sensitive",
        "level": "A",
        "source_level": None,
        "rating": 4,
        "disease": "Lung Adenocarcinoma",
        "tumor_match": "exact",
        "tier": "I",
        "tier_reason": "CIViC level A in this tumor type (Lung Adenocarcinoma)",
        "escat": "I-A",
        "escat_reason": "computed: accepted association in this tumor type; whether trials were "
        "randomised (I-A) or not (I-B) is not told",
        "vetoed_by": [],
        "citation": "PMID:1",
        "link": item["link"],
        "source_id": "civic",
        "licence": "CC0-1.0",
    }


@pytest.mark.parametrize(
    ("changes", "tier", "words"),
    [
        ({}, "I", "level A in this tumor type"),
        ({"doid": "3908", "disease": "Lung Non-small Cell Carcinoma"}, "I", "main type"),
        ({"doid": "", "disease": "Solid Tumor"}, "I", "any tumor of its kind"),
        ({"doid": "1324", "disease": "Lung Cancer"}, "II", "in a related tumor type"),
        ({"doid": "3907", "disease": "Lung Squamous Cell Carcinoma"}, "II", "related tumor type"),
        ({"doid": "9256", "disease": "Colorectal Cancer"}, "II", "in another tumor type"),
        ({"level": "B", "rating": 3}, "I", "rating 3 of 5"),
        ({"level": "B", "rating": 2}, "II", "not taken as well-powered consensus"),
        ({"level": "B", "rating": None}, "II", "no rating"),
        ({"level": "B", "doid": "9256", "disease": "Colorectal Cancer"}, "II", "another tumor"),
        ({"level": "C"}, "II", "case studies"),
        ({"level": "D"}, "II", "preclinical"),
        ({"level": "E"}, "III", "inferred only"),
        ({"evidence_type": "Diagnostic", "significance": "Positive"}, "I", "level A"),
        ({"evidence_type": "Oncogenic", "significance": "Oncogenicity"}, "III", "sets no tier"),
        (
            {"evidence_type": "Predisposing", "significance": "Predisposition"},
            "III",
            "sets no tier",
        ),
        ({"origin": "Rare Germline"}, "III", "germline variant"),
        ({"direction": "Does Not Support"}, "III", "does not support it"),
        ({"direction": "N/A"}, "III", "no direction"),
    ],
)
def test_tiers(changes: dict[str, Any], tier: str, words: str) -> None:
    row = only([evidence("BRAF V600E", **changes)])
    assert row["tier"] == tier
    assert words in row["tier_reason"]


def test_flagged_evidence_is_not_taken() -> None:
    row = only([evidence("BRAF V600E", flagged=True)])
    assert (row["evidence_id"], row["match"]) == ("", "none")


def test_evidence_against_is_shown_as_such() -> None:
    assert only([evidence("BRAF V600E", direction="Does Not Support")])["effect"] == "not_sensitive"


def test_contradicted_level_b_is_no_consensus() -> None:
    against = evidence("BRAF V600E", level="B", direction="Does Not Support", rating=5)
    rows = match([evidence("BRAF V600E", level="B"), against])
    by_effect = {row["effect"]: row for row in rows}
    assert by_effect["sensitive"]["tier"] == "II"
    assert f"{against['evidence_id']} does not support it" in by_effect["sensitive"]["tier_reason"]


def test_without_a_tumor_type_only_any_tumor_counts() -> None:
    unknown = [sample(tumor_type=None)]
    assert only([evidence("BRAF V600E")], samples=unknown)["tier"] == "II"
    anywhere = evidence("BRAF V600E", doid="162", disease="Cancer")
    assert only([anywhere], samples=unknown)["tier"] == "I"


@pytest.mark.parametrize(
    ("profile", "gene", "change", "more", "expected"),
    [
        ("BRAF V600E", "BRAF", "V600E", {}, "exact"),
        ("BRAF V600E", "BRAF", "V600K", {}, None),
        ("BRAF V600E", "NRAS", "V600E", {}, None),
        ("BRAF V600", "BRAF", "V600K", {}, "codon"),
        ("BRAF V600", "BRAF", "V600fs", {"consequence": "frameshift_variant"}, None),
        ("KRAS G12/G13", "KRAS", "G13D", {}, "codon"),
        ("ERBB2 S310F/Y", "ERBB2", "S310Y", {}, "exact"),
        ("VHL F76del (c.227_229del)", "VHL", "F76del", {"consequence": DELETION}, "exact"),
        ("VHL L153fs (c.457delC)", "VHL", "L153fs", {"hgvs_c": "c.457del"}, "exact"),
        ("VHL L153fs (c.457delC)", "VHL", "L153fs", {"hgvs_c": "c.459_460insA"}, "codon"),
        ("VHL Splice Site (c.340+1G>A)", "VHL", None, {"hgvs_c": "c.340+1G>A"}, "exact"),
        ("EGFR V769_D770insASV", "EGFR", "A767_V769dup", {}, "exact"),
        ("EGFR Exon 19 Deletion", "EGFR", "E746_A750del", {"exon": "19/28"}, "exon"),
        ("EGFR Exon 19 Deletion", "EGFR", "L747_P753delinsS", {"exon": "19/28"}, "exon"),
        ("EGFR Exon 19 Deletion", "EGFR", "E746_A750del", {"exon": "20/28"}, None),
        ("EGFR Exon 19 Deletion", "EGFR", "E746_A750del", {"exon": None}, None),
        ("EGFR Exon 19 Deletion", "EGFR", "L747P", {"exon": "19/28"}, None),
        ("EGFR Exon 20 Insertion", "EGFR", "D770_N771insG", {"exon": "20/28"}, "exon"),
        ("EGFR Exon 20 Insertion", "EGFR", "V769_N771del", {"exon": "20/28"}, None),
        ("STK11 EXON 1-2 MUTATION", "STK11", "E33K", {"exon": "1/10"}, "range"),
        ("CALR EXON 9 FRAMESHIFT", "CALR", "L367fs", {"exon": "9/9"}, "exon"),
        (
            "MET Exon 14 Skipping Mutation",
            "MET",
            None,
            {"exon": "14/21", "consequence": "splice_donor_variant"},
            "exon",
        ),
        ("KIT Mutation", "KIT", "K642E", {}, "gene"),
        ("KIT Mutation", "KIT", "K642=", {"consequence": "synonymous_variant"}, None),
        ("KIT Mutation", "KIT", None, {"consequence": "intron_variant"}, None),
        ("BRCA1 Loss-of-function", "BRCA1", "E23fs", {"consequence": FRAMESHIFT}, "class"),
        ("BRCA1 Loss-of-function", "BRCA1", "E23K", {}, None),
        ("TP53 Truncating Mutation", "TP53", "R213*", {"consequence": "stop_gained"}, "class"),
        ("FLT3 ITD", "FLT3", "595_596insDYVDFR", {"consequence": "inframe_insertion"}, "class"),
        ("FLT3 ITD", "FLT3", "595_596insD", {"consequence": "inframe_insertion"}, None),
        ("FLT3 ITD", "FLT3", "D835Y", {}, None),
        ("TERT Promoter Mutation", "TERT", None, upstream(124), "class"),
        ("TERT Promoter Mutation", "TERT", None, upstream(900), None),
        ("BRAF Wildtype", "BRAF", "V600E", {}, None),
        ("BRAF Overexpression", "BRAF", "V600E", {}, None),
        ("BRAF Amplification", "BRAF", "V600E", {}, None),
    ],
)  # fmt: skip
def test_how_a_variant_matches(
    profile: str, gene: str, change: str | None, more: dict[str, Any], expected: str | None
) -> None:
    rows = match([evidence(profile)], **changed(gene, change, **more))
    assert [row["match"] for row in rows if row["evidence_id"]] == ([expected] if expected else [])


def exon(
    gene: str, number: int, start: int, end: int, coding: tuple[int, int] | None = None
) -> dict[str, Any]:
    first, last = coding or (start, end)
    place = {"gene": gene, "exon": number, "chrom": "chr7", "start": start, "end": end}
    return {**place, "coding_start": first, "coding_end": last}


@pytest.mark.parametrize(
    ("pos", "build", "matched"),
    [(100, "GRCh38", True), (97, "GRCh38", False), (99, "GRCh38", True), (100, "GRCh37", False)],
)
def test_the_exon_is_found_by_place_where_no_name_tells_it(
    pos: int, build: str, matched: bool
) -> None:
    """The base before the deleted ones is not deleted: of 97 CTT, 98 and 99 are."""
    one = variant(pos=pos, ref="CTT", alt="C", build=build)
    rows = match(
        [evidence("EGFR Exon 19 Deletion")],
        [one],
        [consequence(one, "EGFR", "E746_A750del", consequence="inframe_deletion")],
        exons=[exon("EGFR", 19, 100, 200)],
    )
    assert [row["match"] for row in rows if row["evidence_id"]] == ["exon"] * matched


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "expected"),
    [
        (120, "CTTA", "C", "EGFR in-frame deletion in exon 19"),
        (120, "C", "CTTA", "EGFR in-frame insertion in exon 19"),
        (120, "CTTAA", "C", None),  # not of whole codons
        (120, "C", "T", None),
        (199, "CTTA", "C", None),  # reaches beyond the exon
        (320, "CTTA", "C", "EGFR in-frame deletion in exon 20"),
        (349, "CTTA", "C", None),  # reaches beyond the coding part
        (370, "CTTA", "C", None),  # in the part that is not translated
        (20, "CTTA", "C", None),  # in an exon without a coding part
        (120, "C", "<DEL>", None),
    ],
)
def test_what_place_alone_tells(pos: int, ref: str, alt: str, expected: str | None) -> None:
    one = variant(pos=pos, ref=ref, alt=alt)
    untranslated = {**exon("EGFR", 1, 1, 50), "coding_start": None, "coding_end": None}
    places = [untranslated, exon("EGFR", 19, 100, 200), exon("EGFR", 20, 300, 400, (300, 350))]
    rows = match(
        [
            evidence("EGFR Exon 19 Deletion"),
            evidence("EGFR Exon 19 Insertion"),
            evidence("EGFR Exon 20 Deletion"),
        ],
        [one],
        [],
        exons=places,
    )
    assert [row["alteration"] for row in rows] == ([expected] if expected else [])


@pytest.mark.parametrize(("pos", "matched"), [(98, True), (97, False), (201, True), (203, False)])
def test_a_splice_site_belongs_to_the_exon_beside_it(pos: int, matched: bool) -> None:
    one = variant(pos=pos)
    rows = match(
        [evidence("MET Exon 14 Skipping Mutation")],
        [one],
        [consequence(one, "MET", consequence="splice_donor_variant")],
        exons=[exon("MET", 14, 100, 200)],
    )
    assert [row["match"] for row in rows if row["evidence_id"]] == ["exon"] * matched


def test_an_rs_number_is_an_exact_match() -> None:
    row = only(
        [evidence("CDKN1A rs1059234")],
        **changed("CDKN1A", None, place={"rsid": "rs1059234"}, consequence="3_prime_UTR_variant"),
    )
    assert row["match"] == "exact"


def test_any_mutation_of_a_gene_counts_only_when_it_is_known_to_act() -> None:
    items = [evidence("KIT Mutation")]
    passenger = only(items, **changed("KIT", "P31L"))
    assert (passenger["match"], passenger["tier"]) == ("gene", "III")
    assert "nothing says that this one acts" in passenger["tier_reason"]
    hotspot = [{"gene": "KIT", "residue": "K642", "change": "E", "samples": 9, "source_id": "x"}]
    assert only(items, **changed("KIT", "K642E"), hotspot_residues=hotspot)["tier"] == "I"
    stretch = [{"gene": "KIT", "residue": "550-560", "change": "x", "samples": 9, "source_id": "x"}]
    deletion = changed("KIT", "W557_K558del", consequence="inframe_deletion")
    assert only(items, **deletion, hotspot_residues=stretch)["tier"] == "I"
    named = match(
        [*items, evidence("KIT K642E", disease="Cancer", doid="162")], **changed("KIT", "K642E")
    )
    assert {row["match"]: row["tier"] for row in named} == {"gene": "I", "exact": "I"}


def test_truncation_acts_in_a_tumor_suppressor_only() -> None:
    items = [evidence("STK11 Mutation")]
    truncated = changed("STK11", "Q37*", consequence="stop_gained")
    assert only(items, **truncated)["tier"] == "III"
    roles = [{"gene": "STK11", "role": "tumor_suppressor", "source_id": "x"}]
    assert only(items, **truncated, gene_roles=roles)["tier"] == "I"


def test_the_residue_number_of_the_literature_is_found_by_place() -> None:
    """MANE Select numbers it otherwise; the known variant bears the name of the evidence."""
    one = variant(pos=38141150, ref="T", alt="C")
    row = only(
        [evidence("MYD88 L265P")],
        variants=[one],
        consequences=[consequence(one, "MYD88", "L252P")],
        known_variants=[known(38141150, "T", "C", "MYD88", "L265P")],
    )
    assert (row["match"], row["tier"], row["alteration"]) == ("exact", "I", "MYD88 L252P")


def test_names_in_other_transcripts_do_not_count_where_mane_select_is_there() -> None:
    one = variant(pos=1)
    names = [
        consequence(one, "KIT", "N564D"),
        consequence(one, "KIT", "N560D", transcript="ENST-2", mane=False),
    ]
    rows = match([evidence("KIT N560D")], variants=[one], consequences=names)
    assert [row["evidence_id"] for row in rows] == [""]
    rows = match([evidence("KIT N560D")], variants=[one], consequences=names[1:])
    assert [row["match"] for row in rows] == ["exact"]


@pytest.mark.parametrize(
    ("profile", "five", "three", "matched"),
    [
        ("EML4::ALK Fusion", "EML4", "ALK", True),
        ("EML4::ALK Fusion", "KIF5B", "ALK", False),
        ("v::ALK Fusion", "KIF5B", "ALK", True),
        ("v::ALK Fusion", "ALK", "KIF5B", False),
        ("FGFR2::? Fusion", "FGFR2", "BICC1", True),
        ("EWSR1 Fusion", "EWSR1", "FLI1", True),
        ("NR4A3 rearrangement", "EWSR1", "NR4A3", True),
        ("EML4::ALK e20::e20", "EML4", "ALK", False),
    ],
)
def test_fusions(profile: str, five: str, three: str, matched: bool) -> None:
    row = only([evidence(profile)], [], [], fusions=[fusion(five, three)])
    assert (row["match"] == "fusion") is matched
    assert row["finding_id"] == f"fusion:{five}::{three}"
    assert row["tier"] == ("I" if matched else "III")


def test_partners_in_the_opposite_order_are_told() -> None:
    row = only([evidence("TPM3::NTRK1 Fusion")], [], [], fusions=[fusion("NTRK1", "TPM3")])
    assert (row["match"], row["tier"]) == ("none", "III")
    assert "opposite order" in row["tier_reason"]


@pytest.mark.parametrize(
    ("profile", "state", "total", "matched"),
    [
        ("ERBB2 Amplification", "amplification", 12, True),
        ("ERBB2 Amplification", "gain", 4, False),
        ("ERBB2 Loss", "homozygous_deletion", 0, True),
        ("ERBB2 Deletion", "homozygous_deletion", 0, True),
        ("ERBB2 Loss-of-function", "homozygous_deletion", 0, True),
        ("ERBB2 Loss", "loss", 1, False),
        ("ERBB2 LOH", "loss_of_heterozygosity", 2, True),
        ("ERBB2 Copy Number Variation", "amplification", 12, True),
        ("ERBB2 Mutation", "amplification", 12, False),
    ],
)
def test_copy_number(profile: str, state: str, total: float, matched: bool) -> None:
    rows = match([evidence(profile)], [], [], copy_number=[copies("ERBB2", state, total)])
    assert [row["match"] for row in rows if row["evidence_id"]] == ["copy_number"] * matched
    unmatched = [row for row in rows if not row["evidence_id"]]
    assert bool(unmatched) is (not matched and state in ("amplification", "homozygous_deletion"))


def test_loss_is_met_by_truncation_with_loss_of_the_other_allele() -> None:
    truncated = changed("PTEN", "R130*", consequence="stop_gained")
    assert only([evidence("PTEN Loss")], **truncated)["match"] == "none"
    rows = match(
        [evidence("PTEN Loss")],
        **truncated,
        copy_number=[copies("PTEN", "loss", 1)],
    )
    assert [(row["match"], row["finding_id"]) for row in rows] == [("class", "chr7:1:A:T")]


def test_both_parts_of_a_joined_profile_are_shown() -> None:
    t315i = variant(pos=1)
    rows = match(
        [evidence("BCR::ABL1 Fusion AND ABL1 T315I", significance="Resistance")],
        [t315i],
        [consequence(t315i, "ABL1", "T315I")],
        fusions=[fusion("BCR", "ABL1")],
    )
    assert [(row["finding_id"], row["match"], row["effect"]) for row in rows] == [
        ("chr7:1:A:T", "exact", "resistant"),
        ("fusion:BCR::ABL1", "fusion", "resistant"),
    ]
    alone = match(
        [evidence("BCR::ABL1 Fusion AND ABL1 T315I")],
        [t315i],
        [consequence(t315i, "ABL1", "T315I")],
    )
    assert [row["evidence_id"] for row in alone] == [""]


def test_what_was_not_seen_is_not_absent() -> None:
    """NOT over a mutation that no call shows is unknown: nothing says it was covered."""
    amplified = [copies("EGFR", "amplification", 20)]
    items = [evidence("EGFR Amplification AND NOT KRAS Mutation")]
    assert only(items, [], [], copy_number=amplified)["match"] == "none"
    assert match([evidence("EGFR Wildtype")], **changed("KIT", "K642E")) == []


def test_not_over_a_contradicted_copy_number_is_met() -> None:
    items = [evidence("BRAF V600E AND NOT ERBB2 Amplification")]
    rows = match(items, copy_number=[copies("ERBB2", "neutral", 2)])
    assert [row["match"] for row in rows] == ["exact"]
    assert only(items)["match"] == "none"


def two_variants(first: str, second: str) -> dict[str, Any]:
    one, other = variant(pos=1), variant(pos=2)
    return {
        "variants": [one, other],
        "consequences": [consequence(one, "EGFR", first), consequence(other, "EGFR", second)],
    }


def resistance(profile: str, **changes: Any) -> dict[str, Any]:
    return evidence(profile, significance="Resistance", **changes)


def test_resistance_vetoes_the_same_treatment() -> None:
    sensitive = evidence(
        "EGFR L858R", therapies=["Erlotinib", "Gefitinib"], therapy_interaction="Substitutes"
    )
    other = evidence("EGFR L858R", therapies=["Osimertinib"])
    combined = evidence(
        "EGFR L858R", therapies=["Erlotinib", "Bevacizumab"], therapy_interaction="Combination"
    )
    against = resistance("EGFR T790M", therapies=["Erlotinib"], level="B")
    rows = {
        row["evidence_id"]: row
        for row in match([sensitive, other, combined, against], **two_variants("L858R", "T790M"))
    }
    assert rows[sensitive["evidence_id"]]["vetoed_by"] == [against["evidence_id"]]
    assert "vetoed by resistance" in rows[sensitive["evidence_id"]]["tier_reason"]
    assert rows[other["evidence_id"]]["vetoed_by"] == []
    assert rows[combined["evidence_id"]]["vetoed_by"] == []
    assert rows[against["evidence_id"]]["effect"] == "resistant"


@pytest.mark.parametrize(
    ("changes", "vetoes"),
    [
        ({"level": "A"}, True),
        ({"level": "B"}, True),
        ({"level": "D"}, False),
        ({"direction": "Does Not Support"}, False),
        ({"flagged": True}, False),
        ({"doid": "162", "disease": "Cancer"}, True),
        ({"doid": "9256", "disease": "Colorectal Cancer"}, False),
        ({"therapies": ["Another"]}, False),
    ],
)
def test_which_resistance_vetoes(changes: dict[str, Any], vetoes: bool) -> None:
    sensitive = evidence("EGFR L858R")
    against = resistance("EGFR T790M", **changes)
    rows = match([sensitive, against], **two_variants("L858R", "T790M"))
    row = next(r for r in rows if r["evidence_id"] == sensitive["evidence_id"])
    assert bool(row["vetoed_by"]) is vetoes


def test_a_common_variant_is_of_tier_four() -> None:
    common = changed("KIT", "M541L", place={"population_af": 0.08})
    row = only([evidence("KIT Mutation")], **common)
    assert (row["tier"], row["tier_reason"]) == ("IV", "common in populations (frequency 0.08)")
    roles = [{"gene": "KIT", "role": "oncogene", "source_id": "x"}]
    assert only([], **common, gene_roles=roles)["tier"] == "IV"


@pytest.mark.parametrize(
    ("in_input", "known", "build", "tier"),
    [
        (None, 0.08, "GRCh38", "IV"),
        (0.0001, 0.08, "GRCh38", "IV"),
        (0.08, 0.0001, "GRCh38", "IV"),
        (None, 0.0001, "GRCh38", "III"),
        (None, 0.08, "GRCh37", "III"),
    ],
)
def test_a_variant_is_common_by_the_input_or_by_the_knowledge(
    in_input: float | None, known: float, build: str, tier: str
) -> None:
    given = changed("KIT", "M541L", place={"population_af": in_input, "build": build})
    one = given["variants"][0]
    place = {key: one[key] for key in ("chrom", "pos", "ref", "alt")}
    roles = [{"gene": "KIT", "role": "oncogene", "source_id": "x"}]
    rows = [{**place, "frequency": known, "source_id": "x"}]
    assert only([], **given, gene_roles=roles, population_frequencies=rows)["tier"] == tier


def test_findings_without_evidence_are_those_of_cancer_genes() -> None:
    roles = [{"gene": "KIT", "role": "oncogene", "source_id": "x"}]
    assert only([], **changed("KIT", "P31L"), gene_roles=roles)["tier"] == "III"
    silent = changed("KIT", "P31=", consequence="synonymous_variant")
    assert match([], **silent, gene_roles=roles) == []
    assert match([], **changed("TTN", "P31L"), gene_roles=roles) == []


def test_an_unnamed_variant_within_a_cancer_gene_is_told() -> None:
    one = variant(pos=500)
    row = only(
        [],
        [one],
        [consequence(one, "", method="not_named") | {"gene": None, "consequence": None}],
        gene_roles=[{"gene": "KIT", "role": "oncogene", "source_id": "x"}],
        gene_regions=[{"gene": "KIT", "chrom": "chr7", "start": 400, "end": 600}],
    )
    assert (row["gene"], row["alteration"], row["tier"]) == ("KIT", "chr7:500 A>T in KIT", "III")
    assert "not named" in row["tier_reason"]


def test_a_filtered_variant_is_shown_when_it_would_be_actionable() -> None:
    failed = {"fate": "filtered", "reason": "depth 12 is below 20"}
    rows = match([evidence("BRAF V600E")], **changed("BRAF", "V600E", place=failed))
    assert [(row["tier"], row["tier_reason"]) for row in rows] == [
        ("withheld", "present but failed: depth 12 is below 20")
    ]
    assert match([evidence("BRAF V600E")], **changed("BRAF", "V601L", place=failed)) == []
    assert (
        match([evidence("BRAF V600E", level="E")], **changed("BRAF", "V600E", place=failed)) == []
    )


def test_a_filtered_variant_vetoes_nothing() -> None:
    sensitive, against = evidence("EGFR L858R"), resistance("EGFR T790M")
    given = two_variants("L858R", "T790M")
    given["variants"][1].update(fate="filtered", reason="low quality")
    rows = {row["evidence_id"]: row for row in match([sensitive, against], **given)}
    assert rows[sensitive["evidence_id"]]["vetoed_by"] == []
    assert rows[against["evidence_id"]]["tier"] == "withheld"


def test_a_sample_that_looks_germline_gets_no_tier() -> None:
    calls = [variant(pos=i, vaf=1.0 if i % 3 == 0 else 0.5) for i in range(1, 200)]
    rows = match([evidence("BRAF V600E")], [*calls, BRAF])
    assert {row["tier"] for row in rows} == {"withheld"}
    assert "look like germline calls" in rows[0]["tier_reason"]


def test_other_roles_are_left_alone() -> None:
    assert match([evidence("BRAF V600E")], samples=[sample(role="germline")]) == []


def test_samples_do_not_mix() -> None:
    two = [sample(), sample(sample_id="T2")]
    rows = match(
        [evidence("BRAF V600E")], samples=two, fusions=[fusion("A", "B") | {"sample_id": "T2"}]
    )
    assert [(row["sample_id"], row["alteration"]) for row in rows] == [
        ("T1", "BRAF V600E"),
        ("T2", "A::B fusion"),
    ]


def test_settings_of_the_configuration_are_taken() -> None:
    items = [evidence("BRAF V600E", level="B", rating=2)]
    assert only(items, settings={"consensus_min_rating": 2})["tier"] == "I"
    with pytest.raises(ValueError, match="unknown settings"):
        match(items, settings={"consensus": 2})


def test_the_order_of_the_input_does_not_matter() -> None:
    items = [evidence("BRAF V600E"), evidence("BRAF V600"), evidence("BRAF Mutation")]
    assert match(items) == match(items[::-1])

"""When each code is met, through the classification of one variant."""

from __future__ import annotations

import pytest
from oncogene_builders import evidence
from sop_builders import (
    annotated,
    classify,
    codes,
    domain,
    hotspot,
    mechanism,
    pack,
    pathogenic,
    role,
)

ABSENT = annotated("TOY")
SUPPRESSOR = {"gene_roles": [role("TOY")]}


@pytest.mark.parametrize(
    ("change", "terms"),
    [
        ("R10*", "stop_gained"),
        ("R10fs", "frameshift_variant"),
        (None, "splice_donor_variant"),
        (None, "splice_acceptor_variant&intron_variant"),
        ("M1?", "start_lost"),
        (None, "transcript_ablation"),
    ],
)
def test_ovs1_for_null_variants_of_suppressors_only(change, terms):
    row, ledger = classify(change, terms, knowledge=pack(**SUPPRESSOR))
    assert (row["class"], row["points"], row["codes"]) == ("Likely Oncogenic", 8, ["OVS1"])
    assert ledger["OVS1"]["source_id"] == "signalling_pathways"
    oncogene = pack(gene_roles=[role("TOY", "oncogene")])
    assert "OVS1" not in codes(change, terms, knowledge=oncogene)
    untold, _ = classify(change, terms)
    assert untold["class"] == "VUS"
    assert "OVS1: no source tells the role of TOY" in untold["not_assessed"]


def _in_last_exon(position: str, exon: str = "5/5", start: int = 1) -> list[str]:
    text = annotated("TOY").replace("||", f"|{position}|", 1)
    return codes(
        "R480*",
        "stop_gained",
        knowledge=pack(**SUPPRESSOR, functional_domains=[domain("TOY", start, start + 50)]),
        annotation=text,
        exon=exon,
    )


def test_ovs1_is_weaker_in_the_last_exon_where_little_is_lost():
    assert "OVS1_strong" in _in_last_exon("480/500")
    assert "OVS1" in _in_last_exon("480/500", exon="4/5")
    assert "OVS1" in _in_last_exon("480/500", exon="1/1")
    assert "OVS1" in _in_last_exon("480/900")
    assert "OVS1" in _in_last_exon("480")
    assert "OVS1" in _in_last_exon("480/500", start=440)


@pytest.mark.parametrize(
    ("knowledge", "is_suppressor"),
    [
        ({"gene_mechanisms": [mechanism("TOY")]}, True),
        ({"gene_mechanisms": [mechanism("TOY")], "gene_roles": [role("TOY", "oncogene")]}, False),
        ({"gene_mechanisms": [mechanism("TOY", "gain_of_function")]}, False),
        ({"hotspot_residues": [hotspot("TOY", "R10", "*", 3)]}, True),
        ({"hotspot_residues": [hotspot("TOY", "R10", "*", 2)]}, False),
        (
            {
                "hotspot_residues": [
                    hotspot("TOY", "R10", "*", 3),
                    hotspot("TOY", "G20", "D", 13),
                ]
            },
            False,
        ),
        ({"civic_evidence": [evidence("TOY Loss-of-function")]}, True),
        ({"civic_evidence": [evidence("TOY Loss-of-function", flagged=True)]}, False),
        (
            {"civic_evidence": [evidence("TOY Loss-of-function", direction="Does Not Support")]},
            False,
        ),
    ],
)
def test_what_makes_a_gene_a_suppressor(knowledge, is_suppressor):
    found = codes("R90*", "stop_gained", knowledge=pack(**knowledge))
    assert ("OVS1" in found) is is_suppressor


def test_a_gain_of_function_keeps_a_germline_loss_from_making_a_suppressor():
    gain = evidence("TOY G20D", evidence_type="Functional", significance="Gain of Function")
    knowledge = pack(gene_mechanisms=[mechanism("TOY")], civic_evidence=[gain])
    assert "OVS1" not in codes("R90*", "stop_gained", knowledge=knowledge)


def test_os1_for_a_pathogenic_change_and_os3_goes_with_it():
    knowledge = pack(
        pathogenic_changes=[pathogenic("TOY", "G20D")],
        hotspot_residues=[hotspot("TOY", "G20", "D", 60)],
    )
    row, ledger = classify("G20D", knowledge=knowledge)
    assert row["codes"] == ["OS1"]
    assert ledger["OS3"]["reason"] == "not counted with OS1"
    assert ledger["OS1"]["references"] == ["VAR_1"]
    assert "OS1" not in codes("G20E", knowledge=knowledge)
    assert "OS1" not in codes("G20D", gene="OTHER", knowledge=knowledge)


def test_classifications_by_the_procedure_are_masked_when_asked():
    own = evidence("TOY G20D", evidence_type="Oncogenic", significance="Oncogenicity")
    knowledge = pack(civic_evidence=[own])
    assert codes("G20D", knowledge=knowledge) == ["OS1"]
    row, ledger = classify("G20D", knowledge=knowledge, config={"mask_classifications": True})
    assert (row["codes"], row["masked"], row["points"]) == ([], True, 0)
    assert ledger["OS1"]["status"] == "masked"
    # Nor does it make another change of the residue oncogenic.
    masked = {"mask_classifications": True}
    assert codes("G20W", knowledge=knowledge) == ["OM4"]
    assert codes("G20W", knowledge=knowledge, config=masked) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"evidence_type": "Functional", "significance": "Gain of Function"}, ["OS2"]),
        ({"evidence_type": "Functional", "significance": "Loss of Function"}, ["OS2"]),
        ({"evidence_type": "Functional", "significance": "Dominant Negative"}, ["OS2"]),
        ({"evidence_type": "Functional", "significance": "Unaltered Function"}, ["SBS2"]),
        ({"evidence_type": "Predictive", "significance": "Sensitivity/Response"}, ["OS2"]),
        ({"evidence_type": "Predictive", "significance": "Resistance"}, ["OS2_moderate"]),
        ({"evidence_type": "Prognostic", "significance": "Poor Outcome"}, []),
        (
            {
                "evidence_type": "Functional",
                "significance": "Dominant Negative",
                "direction": "Does Not Support",
            },
            [],
        ),
        (
            {"evidence_type": "Functional", "significance": "Gain of Function", "flagged": True},
            [],
        ),
    ],
)
def test_os2_and_sbs2_by_the_kind_of_evidence(changes, expected):
    assert (
        codes("G20D", knowledge=pack(civic_evidence=[evidence("TOY G20D", **changes)])) == expected
    )


@pytest.mark.parametrize(
    ("profile", "met"),
    [
        ("TOY G20D OR TOY G20E", True),
        ("TOY G20D AND TOY G20E", False),
        ("NOT TOY G20D", False),
        ("TOY Mutation", False),
    ],
)
def test_only_evidence_of_the_change_alone_is_for_it(profile, met):
    own = evidence(profile, evidence_type="Functional", significance="Gain of Function")
    assert ("OS2" in codes("G20D", knowledge=pack(civic_evidence=[own]))) is met


def test_evidence_is_found_by_the_coding_name_too():
    own = evidence("TOY c.790+1G>A", evidence_type="Functional", significance="Loss of Function")
    found = codes(
        None,
        "splice_donor_variant",
        knowledge=pack(civic_evidence=[own]),
        hgvs_c="c.790+1G>A",
    )
    assert found == ["OS2"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"D": 10, "V": 40}, ["OS3"]),
        ({"D": 10, "V": 39}, ["OM3"]),
        ({"D": 9, "V": 60}, ["OP3"]),
        ({"D": 9, "A": 60}, ["OM4", "OP3"]),
        ({"D": 9}, ["OP3"]),
        ({"V": 9}, ["OP3"]),
        ({"*": 50, "D": 9}, ["OP3"]),
    ],
)
def test_hotspots_by_tumors_at_the_residue_and_with_the_change(counts, expected):
    rows = [hotspot("TOY", "G20", change, number) for change, number in counts.items()]
    # From G it is farther to V than to D, and farther to D than to A.
    assert codes("G20D", knowledge=pack(hotspot_residues=rows)) == expected
    assert codes("A20D", knowledge=pack(hotspot_residues=rows)) == []


def test_an_indel_in_a_recurrent_stretch():
    rows = [
        hotspot("TOY", "27-42", "V28_E33del", 12),
        hotspot("TOY", "27-42", "A36del", 3),
    ]
    knowledge = pack(hotspot_residues=rows)
    found = codes("V28_E33del", "inframe_deletion", knowledge=knowledge)
    assert found == ["OM2", "OM3", "OP1 (weak)"]
    found = codes("G35_A36del", "inframe_deletion", knowledge=knowledge)
    assert found == ["OM2", "OP1 (weak)", "OP3"]
    assert codes("G40_A45del", "inframe_deletion", knowledge=knowledge) == ["OM2"]


def test_om1_in_a_domain_of_a_gene_with_a_role():
    domains = [domain("TOY", 10, 30)]
    knowledge = pack(**SUPPRESSOR, functional_domains=domains)
    for change, inside in (("G10A", True), ("G30A", True), ("G9A", False), ("G31A", False)):
        assert ("OM1" in codes(change, knowledge=knowledge)) is inside
    assert "OM1" in codes("R10fs", "frameshift_variant", knowledge=knowledge)
    assert "OM1" not in codes("G10A", knowledge=pack(functional_domains=domains))
    assert "OM1" not in codes("G10=", "synonymous_variant", knowledge=knowledge)


def test_om2_for_changes_of_length():
    knowledge = pack(**SUPPRESSOR)
    assert "OM2" in codes("G10_G12del", "inframe_deletion", knowledge=knowledge)
    assert "OM2" in codes("G10_G12dup", "inframe_insertion", knowledge=knowledge)
    assert "OM2" in codes("*50Rext*9", "stop_lost", knowledge=knowledge)
    oncogene = pack(gene_roles=[role("TOY", "oncogene")])
    assert "OM2" in codes("G10_G12del", "inframe_deletion", knowledge=oncogene)
    assert "OM2" not in codes("*50Rext*9", "stop_lost", knowledge=oncogene)
    assert codes("G10_G12del", "inframe_deletion") == []
    # Residues replaced by as many are no change of length.
    assert "OM2" not in codes("G10_G11delinsAA", "missense_variant", knowledge=knowledge)


def test_om4_needs_a_change_that_is_no_less_drastic_than_the_established_one():
    knowledge = pack(pathogenic_changes=[pathogenic("TOY", "G20D")])  # distance 94
    assert "OM4" in codes("G20W", knowledge=knowledge)  # 184
    assert "OM4" not in codes("G20A", knowledge=knowledge)  # 60
    assert "OM4" not in codes("G21W", knowledge=knowledge)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (annotated("TOY", am="likely_pathogenic"), "OP1"),
        (annotated("TOY", am="likely_benign"), "SBP1"),
        (annotated("TOY", am="ambiguous"), None),
        (annotated("TOY", am="likely_pathogenic", revel="0.1"), None),
        (annotated("TOY", revel="0.7"), "OP1"),
        (annotated("TOY", revel="0.69"), None),
        (annotated("TOY", revel="0.3"), "SBP1"),
        (annotated("TOY", revel="0.2&0.9"), "OP1"),
        (annotated("TOY", splice="0.5"), "OP1"),
        (annotated("TOY", splice="0.05"), None),
        (annotated("TOY", revel="not a number"), None),
    ],
)
def test_predictors_of_the_input(text, expected):
    found = [code for code in codes("G20A", annotation=text) if code[:3] in ("OP1", "SBP")]
    assert found == ([expected] if expected else [])


def test_the_fallback_is_weak_and_silent_where_a_predictor_spoke():
    knowledge = pack(**SUPPRESSOR, functional_domains=[domain("TOY", 10, 30)])
    assert "OP1 (weak)" in codes("G20W", knowledge=knowledge)
    assert "OP1 (weak)" not in codes("G20A", knowledge=knowledge)
    assert "OP1 (weak)" not in codes("G40W", knowledge=knowledge)
    assert "SBP1 (weak)" in codes("V40I", annotation=ABSENT)
    row, ledger = classify("V40I")
    assert (row["class"], row["codes"]) == ("VUS", [])
    assert ledger["SBP1"]["status"] == "weak_alone"
    told = annotated("TOY", am="ambiguous")
    assert codes("G20W", knowledge=knowledge, annotation=told) == ["OM1", "OP4"]


@pytest.mark.parametrize(
    ("af", "expected"),
    [
        (0.06, ["SBVS1"]),
        (0.05, ["SBS1"]),
        (0.011, ["SBS1"]),
        (0.01, []),
        (0.0001, []),
        (0.00009, ["OP4"]),
        (0.0, ["OP4"]),
    ],
)
def test_population_frequencies(af, expected):
    assert codes("G20A", annotation=ABSENT, af=af) == expected


def test_a_population_that_was_not_looked_at_is_not_assessed():
    row, _ = classify("G20A")
    assert row["codes"] == []
    assert any(text.startswith("OP4, SBS1, SBVS1: no population") for text in row["not_assessed"])
    absent, _ = classify("G20A", annotation=ABSENT)
    assert absent["codes"] == ["OP4"]
    assert not any(text.startswith("OP4") for text in absent["not_assessed"])


@pytest.mark.parametrize(
    ("terms", "splice", "met"),
    [
        ("synonymous_variant", "", True),
        ("intron_variant", "", True),
        ("synonymous_variant&splice_region_variant", "", False),
        ("splice_donor_variant&intron_variant", "", False),
        ("missense_variant", "", False),
        ("intron_variant", "0.02", True),
        ("intron_variant", "0.4", False),
    ],
)
def test_sbp2_for_silent_changes_without_an_effect_on_splicing(terms, splice, met):
    found = codes(None, terms, annotation=annotated("TOY", splice=splice))
    assert ("SBP2" in found) is met


def test_the_limits_of_pcgr_are_an_option():
    knowledge = pack(civic_evidence=[evidence("TOY G20A")])  # OS2
    config = {"criteria": "pcgr"}
    row, _ = classify("G20A", knowledge=knowledge, annotation=ABSENT, config=config)
    assert (row["points"], row["class"], row["criteria"]) == (5, "Likely Oncogenic", "pcgr")
    row, _ = classify("G20A", knowledge=knowledge, annotation=ABSENT)
    assert (row["points"], row["class"]) == (5, "VUS")


@pytest.mark.parametrize(
    ("profile", "change", "expected"),
    [
        ("TOY G20", "G20D", ["OS2_moderate"]),
        ("TOY G20", "G21D", []),
        ("TOY G20", "A20D", []),
        ("TOY G20", "G20fs", []),
        ("TOY G20 AND TOY G21", "G20D", []),
    ],
)
def test_evidence_of_a_codon_counts_as_moderate_for_its_substitutions(profile, change, expected):
    terms = "frameshift_variant" if change.endswith("fs") else "missense_variant"
    own = evidence(profile, evidence_type="Functional", significance="Gain of Function")
    assert codes(change, terms, knowledge=pack(civic_evidence=[own])) == expected


@pytest.mark.parametrize(
    ("profile", "terms", "exon", "met"),
    [
        ("TOY Exon 19 Deletion", "inframe_deletion", "19/28", True),
        ("TOY Exon 19 Deletion", "inframe_deletion", "18/28", False),
        ("TOY Exon 19 Deletion", "frameshift_variant", "19/28", False),
        ("TOY Exon 19 Insertion", "inframe_deletion", "19/28", False),
        ("TOY Exon 19 Mutation", "inframe_deletion", "19/28", True),
        ("TOY Exon 19 Mutation", "missense_variant", "19/28", False),
        ("TOY Exon 19 Deletion", "inframe_deletion", None, True),
    ],
)
def test_evidence_of_an_exon_counts_as_moderate_for_in_frame_changes(profile, terms, exon, met):
    place = {"gene": "TOY", "exon": 19, "chrom": "chr7", "start": 140753000, "end": 140754000}
    place |= {"coding_start": 140753000, "coding_end": 140754000}
    knowledge = pack(civic_evidence=[evidence(profile)], exons=[place])
    found = codes(None, terms, knowledge=knowledge, exon=exon, ref="ACCC", alt="A")
    assert ("OS2_moderate" in found) is met

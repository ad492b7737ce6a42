"""Every code of the classification, met and not met."""

from __future__ import annotations

import pytest
from germline_builders import (
    POS,
    called,
    codes,
    config,
    csq,
    listed,
    mechanism,
    only,
    pack,
    rule,
)
from oncogene_builders import PLUS_START, write_models

GAIN = [mechanism("PLUS", "gain_of_function")]
PATHOGENIC = [
    {"gene": "PLUS", "change": change, "variant_id": f"VAR_{at}", "conditions": ["Toy syndrome"],
     "source_id": "uniprot_variants"}
    for at, change in enumerate(["E5K", "R9Q"])
]  # fmt: skip
DOMAIN = [{"gene": "PLUS", "start": 4, "end": 8, "source_id": "uniprot_domains"}]


def missense(protein: str, terms: str = "missense_variant", **more) -> list[dict]:
    return [called(csq(terms, protein=protein, **more))]


def exon(number: int, start: int, end: int, first: int | None = None) -> dict:
    """An exon whose coding part may begin later; in GRCh37 it is not known."""
    return {
        "gene": "PLUS", "exon": number, "chrom": "chr7", "start": start, "end": end,
        "coding_start": first or start, "coding_end": end, "start_grch37": None,
        "coding_start_grch37": None,
    }  # fmt: skip


# Coding bases: 10, 12 (in frame), 31 (out of frame), 9.
EXONS = [
    exon(1, PLUS_START, PLUS_START + 19, PLUS_START + 10),
    exon(2, PLUS_START + 40, PLUS_START + 51),
    exon(3, PLUS_START + 80, PLUS_START + 110),
    exon(4, PLUS_START + 150, PLUS_START + 158),
]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (csq("stop_gained", protein="p.Glu5Ter", exon="1/9"), ["PVS1"]),
        (csq("frameshift_variant", protein="p.Glu5fs", exon="7/9"), ["PVS1"]),
        (csq("stop_gained", protein="p.Glu5Ter", exon="8/9"), ["PVS1_STR"]),  # border of decay
        (csq("stop_gained", protein="p.Glu5Ter"), ["PVS1_STR"]),
        (csq("stop_gained", protein="p.Glu95Ter", exon="9/9", length="95/100"), ["PVS1_MOD"]),
        (csq("stop_gained", protein="p.Glu50Ter", exon="9/9", length="50/100"), ["PVS1_STR"]),
        (csq("stop_gained", protein="p.Glu95Ter", exon="9/9"), ["PVS1_MOD"]),
        (csq("start_lost", protein="p.Met1?"), ["PVS1_MOD"]),
        (csq("transcript_ablation"), ["PVS1_STR"]),
        (csq("splice_donor_variant"), ["PVS1_STR"]),
        (csq("synonymous_variant", protein="p.Glu5="), ["BP7"]),
    ],
)
def test_null_variants_by_what_is_left(annotation, expected):
    assert codes([called(annotation)]) == expected


def test_a_stop_in_the_last_exon_that_cuts_a_domain_is_strong():
    stop = csq("stop_gained", protein="p.Glu6Ter", exon="9/9", length="6/7")
    assert codes([called(stop)], pack(functional_domains=DOMAIN)) == ["PVS1_STR"]


def test_without_a_mechanism_of_loss_a_null_variant_is_uncertain_and_that_is_told():
    row = only([called(csq("stop_gained", protein="p.Glu5Ter", exon="1/9"))],
               pack(gene_mechanisms=GAIN))  # fmt: skip
    assert row["codes"] == []
    assert "PVS1: no source tells whether loss of function is a mechanism" in row["not_assessed"][0]


@pytest.mark.parametrize(
    ("pos", "expected"),
    [(PLUS_START + 38, "PVS1_STR"), (PLUS_START + 112, "PVS1"), (PLUS_START + 20, "PVS1_STR"),
     (PLUS_START + 149, "PVS1_STR"), (PLUS_START + 130, "PVS1_STR")],
)  # fmt: skip
def test_splice_sites_by_the_frame_without_their_exon(pos, expected):
    site = called(csq("splice_acceptor_variant"), pos)
    assert codes([site], pack(exons=EXONS)) == [expected]


def test_an_exon_in_frame_is_moderate_where_little_is_lost_outside_of_domains():
    site = [called(csq("splice_acceptor_variant"), PLUS_START + 38)]
    lenient = config(last_exon_share=0.5)
    assert codes(site, pack(exons=EXONS), settings_of=lenient) == ["PVS1_MOD"]
    in_domain = pack(exons=EXONS, functional_domains=DOMAIN)
    assert codes(site, in_domain, settings_of=lenient) == ["PVS1_STR"]


def test_gene_models_tell_decay(tmp_path):
    fasta, gff = write_models(tmp_path)
    reference = {"fasta": str(fasta), "gff": str(gff), "build": "GRCh38"}
    knowledge = pack(listed("PLUS"))
    stop = called(pos=PLUS_START + 15, ref="T", alt="A")  # the third codon, TGC to AGC
    row = only([stop], knowledge, settings_of=config(reference))
    assert (row["hgvs_p"], row["consequence"]) == ("p.Cys3Ser", "missense_variant")
    deleted = called(pos=PLUS_START + 14, ref="TT", alt="T")
    row = only([deleted], knowledge, settings_of=config(reference))
    assert row["consequence"] == "frameshift_variant"
    assert row["codes"][0].startswith("PVS1")
    assert row["code_sources"][0] == "gene models, cpsr_panel"


def test_the_same_change_is_ps1_and_another_no_milder_one_pm5():
    known = pack(pathogenic_changes=PATHOGENIC, gene_mechanisms=[])
    row = only(missense("p.Glu5Lys"), known)
    assert (row["codes"], row["points"]) == (["PS1"], 4)
    assert "Toy syndrome (VAR_0)" in row["evidence"][0]
    # Grantham: E to K 56, to V 121, to D 45.
    assert codes(missense("p.Glu5Val"), known) == ["PM5"]
    assert codes(missense("p.Glu5Asp"), known) == []
    assert codes(missense("p.Asp5Val"), known) == []  # the source has another residue there
    assert codes(missense("p.Glu5Lys", "missense_variant&splice_region_variant"), known) == []


def locus(residue: str, gene: str = "PLUS") -> list[dict]:
    return [{"chrom": "chr7", "pos": POS, "gene": gene, "residue": residue, "source_id": "cacao"}]


def test_a_base_whose_substitution_is_pathogenic_is_pm5_where_none_makes_a_stop():
    # GCT>GTT: no base in the place of C makes a stop. GAA>GCA may be TAA elsewhere: its first base.
    fits = [called(csq("missense_variant", protein="p.Ala5Val"), ref="C", alt="T")]
    assert codes(fits, pack(pathogenic_loci=locus("A"), gene_mechanisms=[])) == ["PM5"]
    assert codes(fits, pack(pathogenic_loci=locus("A", "MINUS"), gene_mechanisms=[])) == []
    stop = [called(csq("missense_variant", protein="p.Glu5Lys"), ref="G", alt="A")]
    assert codes(stop, pack(pathogenic_loci=locus("E"), gene_mechanisms=[])) == []


def test_recurrent_residues_are_pm1_and_domains_supporting():
    hotspots = [
        {
            "gene": "PLUS",
            "residue": "E5",
            "change": "K",
            "samples": 9,
            "source_id": "cancerhotspots",
        },
        {
            "gene": "PLUS",
            "residue": "E5",
            "change": "*",
            "samples": 90,
            "source_id": "cancerhotspots",
        },
    ]
    few = pack(hotspot_residues=hotspots, gene_mechanisms=[])
    assert codes(missense("p.Glu5Val"), few) == []  # stops do not count
    many = pack(hotspot_residues=[{**hotspots[0], "samples": 10}], gene_mechanisms=[])
    assert codes(missense("p.Glu5Val"), many) == ["PM1"]
    assert codes(missense("p.Glu5Val"), pack(functional_domains=DOMAIN, gene_mechanisms=GAIN)) == [
        "PM1_SUPP",
        "PP2",
    ]
    # Where only loss is known, a domain says little.
    assert codes(missense("p.Glu5Val"), pack(functional_domains=DOMAIN)) == ["BP1"]


@pytest.mark.parametrize(
    ("ref", "alt", "protein", "expected"),
    [("AGAAGAA", "A", "p.Glu5_Glu6del", "PM4"), ("AGAA", "A", "p.Glu5del", "PM4_SUPP"),
     ("AGAAGAA", "A", "p.Glu15_Glu16del", "PM4_SUPP")],
)  # fmt: skip
def test_changes_of_length_in_frame(ref, alt, protein, expected):
    row = called(csq("inframe_deletion", protein=protein), ref=ref, alt=alt)
    assert codes([row], pack(functional_domains=DOMAIN)) == [expected]


def test_a_lost_stop_is_pm4():
    assert codes(missense("p.Ter25GlnextTer5", "stop_lost")) == ["PM4"]


def test_predictors_that_agree_are_pp3_or_bp4_but_not_of_null_variants():
    plain = pack(gene_mechanisms=[])
    assert codes(missense("p.Glu5Lys", am="likely_pathogenic"), plain) == ["PP3"]
    assert codes(missense("p.Glu5Lys", am="likely_benign"), plain) == ["BP4"]
    assert codes(missense("p.Glu5Lys", am="ambiguous"), plain) == []
    stop = csq("stop_gained", protein="p.Glu5Ter", exon="1/9", am="likely_pathogenic")
    assert codes([called(stop)]) == ["PVS1"]
    assert "PP3, BP4: no predictor spoke" in only(missense("p.Glu5Lys"), plain)["not_assessed"]


def test_silent_and_intronic_variants_are_bp7_outside_of_splice_regions():
    assert codes([called(csq("intron_variant"))]) == ["BP7"]
    assert codes([called(csq("synonymous_variant&splice_region_variant"))]) == []


def test_codes_of_no_points_are_told():
    row = only(missense("p.Glu5Lys", af="."))
    assert (row["codes"], row["code_points"], row["points"]) == (
        ["BP1", "PM2_SUPP"],
        ["+0", "+0"],
        0,
    )


def test_a_common_variant_of_the_pack_is_benign_by_the_rule_of_its_gene():
    common = [{"chrom": "chr7", "pos": POS, "ref": "A", "alt": "T", "frequency": 0.2,
               "source_id": "peddy_1kg"}]  # fmt: skip
    knowledge = pack(population_frequencies=common, frequency_rules=[rule("BA1", 0.001)])
    row = only([called()], knowledge)
    assert (row["codes"], row["class"], row["frequency_source"]) == (["BA1"], "Benign", "peddy_1kg")
    assert "over all persons" in row["evidence"][0]
    assert row["source_ids"] == ["clingen_vcep", "cpsr_panel", "peddy_1kg"]


def test_filtering_frequencies_of_the_user_are_held_against_rules_as_they_are(tmp_path):
    path = tmp_path / "faf.tsv"
    path.write_text(f"chrom\tpos\tref\talt\tfrequency\nchr7\t{POS}\tA\tT\t0.002\n")
    knowledge = pack(frequency_rules=[rule("BA1", 0.001)])
    given = config(filtering_frequencies=str(path))
    assert codes([called()], knowledge, settings_of=given) == ["BA1"]
    # What the table lacks is not absent from populations.
    row = only([called(alt="G")], knowledge, settings_of=given)
    assert row["codes"] == []
    assert row["not_assessed"][1].startswith("BA1, BS1, PM2")

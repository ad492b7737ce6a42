"""CIViC, hotspots, OncoTree, diseases, gene regions and roles, from small made files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from knowledge_builders import CIVIC_ITEM, table_text, write_gzip

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import (
    civic,
    diseases,
    gene_regions,
    gene_roles,
    known_variants,
    oncotree,
)


def evidence(tmp_path: Path, *items: dict[str, str]):
    path = write_gzip(
        tmp_path / "civic.tsv.gz", table_text([{**CIVIC_ITEM, **item} for item in items])
    )
    return civic.import_civic(path, "civic")["civic_evidence"]


def test_an_item_without_its_statement(tmp_path: Path):
    (row,) = evidence(tmp_path, {})
    assert row["therapies"] == ["Encorafenib", "Inhibitor, PD173074"]
    assert (row["evidence_id"], row["level"], row["rating"]) == ("EID1", "A", 5)
    assert row["citation"] == "PMID:123"
    assert row["origin"] is None
    assert "Words" not in str(row)


def test_what_is_not_accepted_is_left_out(tmp_path: Path):
    rows = evidence(tmp_path, {"evidence_status": "submitted"}, {"evidence_id": "2"})
    assert [row["evidence_id"] for row in rows] == ["EID2"]


def test_what_does_not_support_and_what_is_flagged_stays_marked(tmp_path: Path):
    (row,) = evidence(tmp_path, {"evidence_direction": "Does Not Support", "is_flagged": "true"})
    assert (row["direction"], row["flagged"]) == ("Does Not Support", True)


def test_an_abstract_is_cited_by_its_number(tmp_path: Path):
    (row,) = evidence(tmp_path, {"source_type": "ASCO", "asco_abstract_id": "77"})
    assert row["citation"] == "ASCO:77"


def test_another_table_is_told(tmp_path: Path):
    with pytest.raises(ResourceError, match=r"no column .*is_flagged"):
        civic.import_civic(write_gzip(tmp_path / "x.gz", "a\tb\n1\t2\n"), "civic")
    with pytest.raises(ResourceError, match="flagged 'maybe'"):
        evidence(tmp_path, {"is_flagged": "maybe"})
    path = write_gzip(tmp_path / "cut.gz", table_text([CIVIC_ITEM])[:-30] + "\n")
    with pytest.raises(ResourceError, match="lines have not 21 cells"):
        civic.import_civic(path, "civic")


def hotspots(tmp_path: Path, lines: list[str]):
    variants = tmp_path / "hotspots.tsv"
    variants.write_text("\n".join(lines) + "\n")
    residues, indels = tmp_path / "residues.json", tmp_path / "indels.json"
    residues.write_text(json.dumps({"BRAF": {"V600": {"E": "574"}}}))
    indels.write_text(json.dumps({"EGFR": {"745-750": {"E746_A750del": "90"}}}))
    return known_variants.import_cancerhotspots(variants, residues, indels, "hotspots")


def test_hotspot_substitutions_have_coordinates_and_residues_have_counts(tmp_path: Path):
    tables = hotspots(
        tmp_path,
        [
            "7\t140753336\tA\tT\tBRAF\tMissense_Mutation\tV600E\tdeleterious(0)",
            "7\t140753335\tCA\tTT\tBRAF\tMissense_Mutation\tV600E\tx",
            "1\t8014253\tT\tA\tERRFI1\tNonsense_Mutation\tK116*\t",
            "7\t140753334\tTCA\t-\tBRAF\tDEL\tT599dup\tLoF",
        ],
    )
    assert [
        (row["chrom"], row["pos"], row["protein_change"], row["consequence"])
        for row in tables["known_variants"]
    ] == [
        ("chr7", 140753336, "V600E", "missense_variant"),
        ("chr7", 140753335, "V600E", "missense_variant"),
        ("chr1", 8014253, "K116*", "stop_gained"),
    ]
    assert [
        (row["residue"], row["change"], row["samples"]) for row in tables["hotspot_residues"]
    ] == [
        ("V600", "E", 574),
        ("745-750", "E746_A750del", 90),
    ]


LOCUS = {
    "symbol": "BRAF",
    "hgvsp": "V600E",
    "consequence": "missense_variant",
    "variant_name": "V600E",
    "hgvsc": "c.1799_1800delinsAA, c.1799T>A",
    "genomic_change": "7_140753335_CA_TT, 7_140753336_A_T",
    "ensembl_transcript_id": "ENST1",
}


class OneStretch:
    """Reference bases of chr7 from position 1."""

    text = "ACGCGCGT"

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        if chrom != "chr7" or start < 1 or end > len(self.text):
            return None
        return self.text[start - 1 : end]


def loci(tmp_path: Path, *items: dict[str, str], reference=None):
    path = write_gzip(tmp_path / "cacao.tsv.gz", table_text([{**LOCUS, **item} for item in items]))
    return known_variants.import_civic_loci(path, "cacao", {"ENST1"}, reference)["known_variants"]


def test_each_coordinate_of_a_locus_has_its_own_name(tmp_path: Path):
    assert [(row["pos"], row["ref"], row["hgvs_c"]) for row in loci(tmp_path, {})] == [
        (140753335, "CA", "c.1799_1800delinsAA"),
        (140753336, "A", "c.1799T>A"),
    ]


def test_a_number_of_another_transcript_is_not_taken(tmp_path: Path):
    assert loci(tmp_path, {"hgvsp": "R844H", "ensembl_transcript_id": "ENST2"}) == []
    assert len(loci(tmp_path, {"ensembl_transcript_id": "ENST2"})) == 2


def test_stops_promoters_and_loci_without_coordinate(tmp_path: Path):
    rows = loci(
        tmp_path,
        {"hgvsp": "E384X", "variant_name": "E384*"},
        {"genomic_change": "NA"},
        {
            "symbol": "TERT",
            "hgvsp": ".",
            "hgvsc": "NA",
            "variant_name": "C228T",
            "genomic_change": "5_1295113_G_A",
            "ensembl_transcript_id": "NA",
        },
    )
    assert [(row["gene"], row["protein_change"], row["name"]) for row in rows] == [
        ("TERT", "", "C228T"),
        ("BRAF", "E384*", None),
        ("BRAF", "E384*", None),
    ]


def test_insertions_are_left_aligned(tmp_path: Path):
    (row,) = loci(
        tmp_path,
        {"genomic_change": "7_7_G_GCG", "hgvsc": "c.1dup", "consequence": "inframe_insertion"},
        reference=OneStretch(),
    )
    assert (row["pos"], row["ref"], row["alt"]) == (1, "A", "ACG")


def test_a_hotspot_keeps_its_source_and_takes_the_coding_change(tmp_path: Path):
    first = hotspots(tmp_path, ["7\t140753336\tA\tT\tBRAF\tMissense_Mutation\tV600E\tx"])
    merged = known_variants.merge_known_variants(first["known_variants"], loci(tmp_path, {}))
    assert [(row["pos"], row["source_id"], row["hgvs_c"], row["hgvs_source_id"], row["hotspot"])
            for row in merged] == [
        (140753336, "hotspots", "c.1799T>A", "cacao", True),
        (140753335, "cacao", "c.1799_1800delinsAA", None, False),
    ]  # fmt: skip


def types(tmp_path: Path):
    path = tmp_path / "oncotree.txt"
    path.write_text(
        "code\tmain_type\tname\ttissue\n"
        "TISSUE\t\tTissue\t\n"
        "COAD\tColorectal Cancer\tColon Adenocarcinoma\tBowel\n"
        "UM\tMelanoma\tUveal Melanoma\tEye\n"
        "SKCM\tMelanoma\tCutaneous Melanoma\tSkin\n"
    )
    return oncotree.import_oncotree(path, "oncotree")["oncotree"]


def mapped(tmp_path: Path, found: list[tuple[str, str]], curated: str = ""):
    by_hand, sites = tmp_path / "map.tsv", tmp_path / "sites.tsv"
    by_hand.write_text("doid\tname\tscope\tvalue\n" + curated)
    sites.write_text("primary_site\tdo_id\nColon/Rectum\tDOID:9\nSkin\tDOID:8\nEye\tDOID:8\n")
    rows = diseases.import_diseases(
        found, types(tmp_path), by_hand, "hand", sites, "pcgr", "oncotree"
    )["diseases"]
    return [(row["name"], row["scope"], row["code"], row["main_type"], row["tissue"],
             row["source_id"]) for row in rows]  # fmt: skip


def test_the_root_is_no_tumor_type(tmp_path: Path):
    assert [row["code"] for row in types(tmp_path)] == ["COAD", "UM", "SKCM"]


def test_diseases_by_hand_by_name_by_site_and_not_at_all(tmp_path: Path):
    rows = mapped(
        tmp_path,
        [("1", "uveal melanoma"), ("2", "Melanoma"), ("9", "Gut Cancer"), ("8", "Two Places"),
         ("", "Solid Tumor"), ("5", "By Hand")],
        "\tSolid Tumor\tsolid\t\n5\tBy Hand\tcode\tCOAD|UM\n7\tNot In Evidence\tany\t\n",
    )  # fmt: skip
    assert rows == [
        ("Solid Tumor", "solid", "", "", "", "hand"),
        ("uveal melanoma", "code", "UM", "Melanoma", "Eye", "oncotree"),
        ("Melanoma", "main_type", "", "Melanoma", "Eye", "oncotree"),
        ("Melanoma", "main_type", "", "Melanoma", "Skin", "oncotree"),
        ("By Hand", "code", "COAD", "Colorectal Cancer", "Bowel", "hand"),
        ("By Hand", "code", "UM", "Melanoma", "Eye", "hand"),
        ("Two Places", "none", "", "", "", "oncotree"),
        ("Gut Cancer", "tissue", "", "", "Bowel", "pcgr"),
    ]


def test_a_curated_tumor_type_that_oncotree_lacks_is_told(tmp_path: Path):
    with pytest.raises(ResourceError, match=r"map\.tsv, row 2: code 'XYZ'; a code, main_type"):
        mapped(tmp_path, [("5", "By Hand")], "5\tBy Hand\tcode\tCOAD|XYZ\n")


def test_gene_regions_are_mane_select_on_chromosomes(tmp_path: Path):
    columns = (
        "symbol\tRefSeq_nuc\tEnsembl_nuc\tMANE_status\tGRCh38_chr\tchr_start\tchr_end\tchr_strand"
    )
    path = write_gzip(
        tmp_path / "mane.gz",
        f"#{columns}\n".replace("#symbol", "symbol")
        + "A\tNM_1.1\tENST1.2\tMANE Select\tNC_000023.11\t10\t20\t-\n"
        + "A\tNM_2.1\tENST2.2\tMANE Plus Clinical\tNC_000023.11\t10\t20\t-\n"
        + "B\tNM_3.1\tENST3.2\tMANE Select\tNT_187633.1\t10\t20\t+\n",
    )
    rows = gene_regions.import_mane(path, "mane")["gene_regions"]
    assert [(row["gene"], row["chrom"], row["start"], row["end"], row["transcript"])
            for row in rows] == [("A", "chrX", 10, 20, "ENST1.2")]  # fmt: skip


def test_gene_roles(tmp_path: Path):
    path = tmp_path / "roles.tsv"
    path.write_text("Pathway\tGene\tOG_TSG\nP\tA\tOG\nQ\tA\tOG\nP\tB\tTSG\nP\tC\tUnknown\n")
    rows = gene_roles.import_signalling_pathways(path, "made")["gene_roles"]
    assert [(row["gene"], row["role"]) for row in rows] == [
        ("A", "oncogene"),
        ("B", "tumor_suppressor"),
    ]
    path.write_text("Pathway\tGene\tOG_TSG\nP\tA\tXX\n")
    with pytest.raises(ResourceError, match="role 'XX' of A"):
        gene_roles.import_signalling_pathways(path, "made")

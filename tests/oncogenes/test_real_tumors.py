"""Tumors, germline calls and truth tables of the regression data."""

from __future__ import annotations

import csv
import gzip
import re
import time
from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import matched, sample, variant

from apothecary import tables
from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import (
    consequences,
    copy_number,
    evidence,
    findings,
    fusions,
    proteins,
    tumor_flags,
)
from apothecary.oncogenes.settings import Settings
from apothecary.schemas import ACTIONABILITY, CONSEQUENCES
from apothecary.variants import annotate as variant_annotation

pytestmark = pytest.mark.shared
SETTINGS = Settings()


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return build.build(
        repository / "resources" / "knowledge", tmp_path_factory.mktemp("pack") / "pack"
    )


def read_vcf(path: Path, build_name: str = "GRCh38") -> list[dict[str, Any]]:
    """All alternate alleles of a one-sample VCF, with what the file says of their fraction."""
    rows = []
    with gzip.open(path, "rt") as stream:
        for number, line in enumerate(stream, start=1):
            if line.startswith("#"):
                continue
            chrom, pos, name, ref, alts, _, _, info, keys, values = line.rstrip().split("\t")[:10]
            fields = dict(zip(keys.split(":"), values.split(":"), strict=False))
            stated = re.search(r"(?:^|;)TVAF=([^;]+)", info)
            depths = [int(d) for d in fields.get("AD", "").split(",") if d.isdigit()]
            for index, alt in enumerate(alts.split(","), start=1):
                if alt.startswith("<") or str(index) not in re.split(r"[/|]", fields["GT"]):
                    continue
                vaf = float(stated[1]) if stated else None
                if len(depths) > index and sum(depths):
                    vaf = depths[index] / sum(depths)
                rows.append(
                    variant(
                        f"chr{chrom.removeprefix('chr')}",
                        int(pos),
                        ref,
                        alt,
                        record=number,
                        build=build_name,
                        genotype=fields["GT"],
                        vaf=vaf,
                        rsid=name if name.startswith("rs") else None,
                    )
                )
    return rows


@pytest.fixture(scope="module")
def coad(shared: Path, pack: Pack) -> list[dict[str, Any]]:
    """TCGA-A6-2686, colorectal, with copy number and fusions: rows of actionability."""
    truth = shared / "data" / "truth"
    variants = read_vcf(truth / "pcgr_T001-COAD.grch38.vcf.gz")
    assert len(variants) == 3313
    genes = evidence.index(pack).genes
    started = time.process_time()
    named = consequences.annotate(variants, pack)
    segments = copy_number.read(truth / "pcgr_T001-COAD.grch38.cna.tsv")
    rows = matched(
        variants,
        named,
        copy_number.of_genes("T1", segments, pack.rows("gene_regions"), genes, SETTINGS),
        fusions.read("T1", truth / "pcgr_T001-COAD.grch38.fusions.tsv"),
        [sample(tumor_type="COAD", assay="exome")],
        pack,
        SETTINGS,
    )
    assert time.process_time() - started < 20  # about 0.3 s; a guard against quadratic growth
    tables.to_arrow(CONSEQUENCES, named)
    tables.to_arrow(ACTIONABILITY, rows)
    return rows


def test_braf_v600e_is_of_tier_one_in_colorectal_cancer(coad: list[dict[str, Any]]) -> None:
    braf = [row for row in coad if row["alteration"] == "BRAF V600E"]
    strong = {
        frozenset(row["therapies"]): row
        for row in braf
        if row["tier"] == "I" and row["effect"] == "sensitive"
    }
    doublet = strong[frozenset({"Encorafenib", "Cetuximab"})]
    assert doublet["match"] in ("exact", "codon")
    assert doublet["tumor_match"] == "main_type"
    levels = {
        row["level"]
        for row in braf
        if set(row["therapies"]) == {"Encorafenib", "Cetuximab"} and row["tier"] == "I"
    }
    assert levels == {"A", "B"}
    assert all(not row["vetoed_by"] for row in strong.values() if "Encorafenib" in row["therapies"])


def test_resistance_to_antibodies_against_egfr_is_shown(coad: list[dict[str, Any]]) -> None:
    resistant = {
        therapy
        for row in coad
        if row["alteration"] == "BRAF V600E" and row["effect"] == "resistant"
        for therapy in row["therapies"]
        if row["tumor_match"] == "main_type"
    }
    assert {"Cetuximab", "Panitumumab"} <= resistant


def test_what_does_not_support_never_counts(coad: list[dict[str, Any]], pack: Pack) -> None:
    items = {row["evidence_id"]: row for row in pack.rows("civic_evidence")}
    assert not [row for row in coad if row["evidence_id"] and items[row["evidence_id"]]["flagged"]]
    against = [
        row
        for row in coad
        if row["evidence_id"] and items[row["evidence_id"]]["direction"] != "Supports"
    ]
    assert against
    assert {row["tier"] for row in against} <= {"III", "IV"}


def test_copy_number_and_fusions_of_the_tumor(coad: list[dict[str, Any]]) -> None:
    by_finding: dict[str, set[str]] = {}
    for row in coad:
        by_finding.setdefault(row["finding_id"], set()).add(row["tier"])
    assert "I" in by_finding["copy_number:ERBB2:amplification"]
    for name in ("EML4::ALK", "CCDC6::RET", "BCR::ABL1", "FGFR3::TACC3"):
        assert by_finding[f"fusion:{name}"] & {"I", "II"}
    (reversed_order,) = [row for row in coad if row["finding_id"] == "fusion:NTRK1::TPM3"]
    assert "opposite order" in reversed_order["tier_reason"]


def test_the_colorectal_tumor_is_not_taken_for_germline(shared: Path, pack: Pack) -> None:
    variants = read_vcf(shared / "data" / "truth" / "pcgr_T001-COAD.grch38.vcf.gz")
    whole = sample(tumor_type="COAD", assay="exome")
    assert tumor_flags.assess(whole, variants, {}, SETTINGS) == []


@pytest.mark.parametrize(
    "name",
    [
        "data/truth/HG002_NISTv4.2.1_chr1_5Mb.vcf.gz",
        "data/truth/HG002_chr1_5Mb_query.vcf.gz",
        "data/truth/PG_NA12878_hg38_chr21.vcf.gz",
        "data/getrm/gvcf/HG00276.pgx.g.vcf.gz",
        "data/getrm/gvcf/HG00589.pgx.g.vcf.gz",
    ],
)
def test_germline_calls_given_as_a_tumor_are_flagged(shared: Path, name: str, pack: Pack) -> None:
    variants = read_vcf(shared / name)
    found = tumor_flags.assess(sample(assay="genome"), variants, {}, SETTINGS)
    assert [f["status"] for f in found if f["flag"] == "looks_germline"] == ["fail"]
    rows = matched(variants, [], [], [], [sample()], pack, SETTINGS)
    assert {row["tier"] for row in rows} <= {"withheld"}


def test_the_example_called_germline_holds_the_somatic_calls_of_the_colorectal_tumor(
    shared: Path, pack: Pack
) -> None:
    """cpsr_example.vcf.gz is no germline exome: it is TCGA-A6-2686's somatic calls on GRCh37.

    Its sample column, caller tags, depths and allele fractions are those of the GRCh38 file but
    for a few calls, so it must not be flagged as germline; what is told is that nothing names it.
    """
    truth = shared / "data" / "truth"
    on_37 = read_vcf(truth / "cpsr_example.vcf.gz", "GRCh37")
    on_38 = read_vcf(truth / "pcgr_T001-COAD.grch38.vcf.gz")
    fractions = [sorted(v["vaf"] for v in calls) for calls in (on_37, on_38)]
    shared_fractions = set(fractions[0]) & set(fractions[1])
    assert len(shared_fractions) > 0.99 * len(set(fractions[1]))
    named = consequences.annotate(on_37, pack)
    assert {row["method"] for row in named} == {"not_named"}
    assert all(row["reason"].startswith("GRCh37") for row in named)
    found = tumor_flags.assess(
        sample(tumor_type="COAD", assay="exome"), on_37, findings.by_locus(named), SETTINGS
    )
    assert [f["flag"] for f in found] == ["build_not_named"]
    rows = matched(on_37, named, [], [], [sample()], pack, SETTINGS)
    assert rows == []


@pytest.fixture(scope="module")
def aml(shared: Path, pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """TCGA acute myeloid leukemias, GRCh37, of which the MAF names the changes."""
    columns = ("Hugo_Symbol", "Variant_Classification", "Protein_Change", "i_transcript_name")
    variants = []
    with gzip.open(shared / "data" / "truth" / "tcga_laml.maf.gz", "rt") as stream:
        for number, line in enumerate(csv.DictReader(stream, delimiter="\t"), start=2):
            variants.append(
                variant(
                    f"chr{line['Chromosome']}",
                    int(line["Start_Position"]),
                    line["Reference_Allele"],
                    line["Tumor_Seq_Allele2"],
                    record=number,
                    sample_id=line["Tumor_Sample_Barcode"],
                    build="GRCh37",
                    annotation=variant_annotation.maf_annotation(line, columns),
                )
            )
    names = sorted({v["sample_id"] for v in variants})
    rows = matched(
        variants,
        consequences.annotate(variants, pack),
        [],
        [],
        [sample(sample_id=name, tumor_type="AML", assay="exome") for name in names],
        pack,
        SETTINGS,
    )
    tables.to_arrow(ACTIONABILITY, rows)
    by_sample: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_sample.setdefault(row["sample_id"], []).append(row)
    return by_sample


@pytest.mark.parametrize(
    ("profile", "how"),
    [
        ("NPM1 W288FS", "exact"),
        ("FLT3 ITD", "class"),
        ("FLT3 D835", "codon"),
        ("IDH1 R132", "codon"),
        ("IDH2 R140", "codon"),
        ("IDH2 R172", "codon"),
        ("DNMT3A R882", "codon"),
    ],
)
def test_leukemias_are_matched_by_the_changes_of_the_maf(
    aml: dict[str, list[dict[str, Any]]], profile: str, how: str
) -> None:
    rows = [row for rows in aml.values() for row in rows if row["molecular_profile"] == profile]
    assert rows
    assert {row["match"] for row in rows} == {how}


def test_idh_inhibitors_are_found_in_leukemia(aml: dict[str, list[dict[str, Any]]]) -> None:
    found = {
        (row["gene"], therapy)
        for rows in aml.values()
        for row in rows
        if row["effect"] == "sensitive" and row["tier"] == "I"
        for therapy in row["therapies"]
    }
    assert ("IDH1", "Ivosidenib") in found
    assert ("IDH2", "Enasidenib") in found


Truth = tuple[str, str, str, str, str]


def both_references(shared: Path, folder: Path) -> Path:
    path = folder / "slices.fa"
    reference = shared / "data" / "reference"
    names = ("oncogene_slices.fa.gz", "grch38_slices.fa.gz")
    path.write_bytes(b"".join(gzip.decompress((reference / n).read_bytes()) for n in names))
    return path


def name_loci(
    shared: Path, pack: Pack, folder: Path, loci: list[tuple[str, int, str, str]]
) -> dict[tuple[str, int, str, str], list[dict[str, Any]]]:
    rows = consequences.annotate(
        [variant(*locus) for locus in dict.fromkeys(loci)],
        pack,
        both_references(shared, folder),
        shared / "data" / "reference" / "genes_ensembl.gff3.gz",
        folder,
    )
    found: dict[tuple[str, int, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["chrom"], row["pos"], row["ref"], row["alt"]), []).append(row)
    return found


def locus_of(text: str) -> tuple[str, int, str, str]:
    chrom, pos, alleles = text.split(":")
    ref, alt = alleles.split(">")
    return f"chr{chrom.removeprefix('chr')}", int(pos), ref, alt


def test_names_checked_by_hand(shared: Path, pack: Pack, tmp_path: Path) -> None:
    path = shared / "cases" / "onco" / "hgvs_handchecked_grch38.tsv"
    with path.open() as stream:
        truth = list(csv.DictReader(stream, delimiter="\t"))
    named = name_loci(shared, pack, tmp_path, [locus_of(t["grch38"]) for t in truth])
    for expected in truth:
        rows = named[locus_of(expected["grch38"])]
        (row,) = [r for r in rows if r["transcript"] == expected["transcript"]]
        assert row["hgvs_c"] == expected["expected_hgvsc"].split(" ")[0]
        protein = (row["hgvs_p"] or "p.?").replace("(", "").replace(")", "")
        assert protein == expected["expected_hgvsp"].replace("(", "").replace(")", "")


PAVE_MISSES = {
    "BRAF D324_G327delinsQ": "no slice holds exon 8 of BRAF",
    "BRAF H585fs": "REF of 7 of 11 changes is not the reference's base",
    "BRAF V600fs": "REF of 6 of 8 changes is not the reference's base; one makes a stop at once",
}
"""Rows of which not every change gets the name, and why."""


def test_protein_changes_of_pave(shared: Path, pack: Pack, tmp_path: Path) -> None:
    path = shared / "cases" / "onco" / "hmf_pave_reverse_protein_to_genomic.tsv"
    with path.open() as stream:
        truth = [
            (
                t["protein_query"].replace(":p.", " "),
                t["expected_genomic_changes_GRCh38"].split(";"),
            )
            for t in csv.DictReader(stream, delimiter="\t")
        ]
    named = name_loci(
        shared, pack, tmp_path, [locus_of(text) for _, texts in truth for text in texts]
    )
    missed: dict[str, int] = {}
    total = 0
    for query, texts in truth:
        gene, change = query.split(" ")
        asked = proteins.parse(change)
        assert asked is not None
        for text in texts:
            total += 1
            found = [
                proteins.parse(row["protein_change"])
                for row in named.get(locus_of(text), [])
                if row["gene"] == gene and row["protein_change"]
            ]
            if not any(one and proteins.same(asked, one) for one in found):
                missed[query] = missed.get(query, 0) + 1
    assert set(missed) == set(PAVE_MISSES)
    assert (total, sum(missed.values())) == (61, 15)


def test_the_genes_of_vcf2maf_lie_in_no_slice(shared: Path, pack: Pack, tmp_path: Path) -> None:
    """All 16 rows are of chromosome 21 genes without a transcript in the gene models."""
    path = shared / "cases" / "onco" / "vcf2maf_b38_consequence.tsv"
    with path.open() as stream:
        truth = list(csv.DictReader(stream, delimiter="\t"))
    loci = [
        (f"chr{t['Chromosome']}", int(t["vcf_pos"]), t["Reference_Allele"], t["Tumor_Seq_Allele2"])
        for t in truth
    ]
    named = name_loci(shared, pack, tmp_path, [locus for locus in loci if "-" not in locus[2]])
    methods = {row["method"] for rows in named.values() for row in rows}
    assert len(truth) == 16
    assert methods <= {"not_named", "known_variant"}


EXON_19_DELETION = variant(pos=55174771, ref="AGGAATTAAGAGAAGC", alt="A")
T790M = variant(pos=55181378, ref="C", alt="T")


def lung(
    shared: Path, pack: Pack, folder: Path, variants: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    named = consequences.annotate(
        variants,
        pack,
        shared / "data" / "reference" / "oncogene_slices.fa.gz",
        shared / "data" / "reference" / "genes_ensembl.gff3.gz",
        folder,
    )
    return matched(variants, named, [], [], [sample()], pack, SETTINGS)


def sensitive(rows: list[dict[str, Any]], therapy: str) -> list[dict[str, Any]]:
    return [
        row
        for row in rows
        if row["effect"] == "sensitive" and row["therapies"] == [therapy] and row["tier"] == "I"
    ]


def test_a_deletion_in_exon_19_is_matched_by_its_exon(
    shared: Path, pack: Pack, tmp_path: Path
) -> None:
    rows = lung(shared, pack, tmp_path, [EXON_19_DELETION])
    assert {row["alteration"] for row in rows} == {"EGFR E746_A750del"}
    by_profile = {row["molecular_profile"]: row["match"] for row in rows}
    assert by_profile["EGFR Exon 19 Deletion"] == "exon"
    assert by_profile["EGFR E746_A750del"] == "exact"
    erlotinib = sensitive(rows, "Erlotinib")
    assert erlotinib
    assert all(not row["vetoed_by"] for row in erlotinib)


def test_t790m_vetoes_erlotinib_but_not_osimertinib(
    shared: Path, pack: Pack, tmp_path: Path
) -> None:
    rows = lung(shared, pack, tmp_path, [EXON_19_DELETION, T790M])
    assert all(row["vetoed_by"] for row in sensitive(rows, "Erlotinib"))
    osimertinib = sensitive(rows, "Osimertinib")
    assert osimertinib
    assert any(not row["vetoed_by"] for row in osimertinib)
    resistant = [row for row in rows if row["alteration"] == "EGFR T790M" and row["tier"] == "I"]
    assert "resistant" in {row["effect"] for row in resistant}


def test_the_exon_is_found_without_gene_models(pack: Pack) -> None:
    named = consequences.annotate([EXON_19_DELETION], pack)
    rows = matched([EXON_19_DELETION], named, [], [], [sample()], pack, SETTINGS)
    assert named[0]["method"] == "not_named"
    assert {row["alteration"] for row in rows} == {"EGFR in-frame deletion in exon 19"}
    assert {row["match"] for row in rows} == {"exon", "gene"}
    assert sensitive(rows, "Erlotinib")
    assert {row["tier"] for row in rows if row["match"] == "gene"} == {"III"}

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import BuiltPack, base, known, variant, write_models

from apothecary import tables
from apothecary.oncogenes import consequences, entries
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.decay import Rules
from apothecary.oncogenes.gene_models import read_gff
from apothecary.oncogenes.known import trimmed
from apothecary.schemas import CONSEQUENCES

CSQ = (
    "CSQ:Allele|Consequence|SYMBOL|Feature_type|Feature|EXON|HGVSc|HGVSp|Protein_position"
    "|Amino_acids|MANE_SELECT:"
)
REGIONS = [
    {
        "gene": "BRAF",
        "chrom": "chr7",
        "start": 1,
        "end": 9,
        "transcript": "ENST1.3",
        "refseq": "NM_1.2",
    }
]


def annotate(
    rows: list[dict[str, Any]], pack: BuiltPack | None = None, **more: Any
) -> list[dict[str, Any]]:
    made = consequences.annotate(rows, pack or BuiltPack(gene_regions=REGIONS), **more)
    assert tables.to_arrow(CONSEQUENCES, made).num_rows == len(made)
    return made


def test_entries_of_vep_are_read() -> None:
    entry = (
        "T|missense_variant|BRAF|Transcript|ENST1.3|15/18|ENST1.3:c.1799T>A|ENSP1.1:p.Val600Glu"
        "|600|V/E|NM_1.2"
    )
    regulatory = "T|regulatory_region_variant||RegulatoryFeature|ENSR1|||||||"
    other = "T|missense_variant|BRAF|Transcript|ENST2.1|16/19|ENST2.1:c.1919T>A||640|V/E|"
    rows = annotate([variant(annotation=f"{CSQ}{entry},{regulatory},{other}")])
    assert [
        (
            r["transcript"],
            r["gene"],
            r["protein_change"],
            r["hgvs_c"],
            r["exon"],
            r["mane"],
            r["method"],
        )
        for r in rows
    ] == [
        ("ENST1.3", "BRAF", "V600E", "c.1799T>A", "15/18", True, "CSQ"),
        ("ENST2.1", "BRAF", "V640E", "c.1919T>A", "16/19", False, "CSQ"),
    ]
    assert (rows[0]["hgvs_p"], rows[0]["codon"]) == ("p.Val600Glu", 600)


@pytest.mark.parametrize(
    ("position", "residues", "terms", "expected"),
    [
        ("746-751", "ELREAT/A", "inframe_deletion", "E746_T751delinsA"),
        ("23", "E/VX", "frameshift_variant", "E23fs"),
        ("600", "V", "synonymous_variant", "V600="),
        ("772-773", "-/Y", "inframe_insertion", None),
        ("", "", "intron_variant", None),
    ],
)
def test_vep_without_hgvs(position: str, residues: str, terms: str, expected: str | None) -> None:
    entry = f"T|{terms}|EGFR|Transcript|ENST1.3|||" + f"|{position}|{residues}|"
    (row,) = annotate([variant(annotation=CSQ + entry)])
    assert row["protein_change"] == expected


def test_entries_of_snpeff_are_read() -> None:
    entry = (
        "T|missense_variant|MODERATE|BRAF|ENSG1|transcript|ENST1.3|protein_coding|15/18|c.1799T>A"
        "|p.Val600Glu|2/3|1/2|600/766||"
    )
    (row,) = annotate([variant(annotation=f"ANN::{entry}")])
    assert (row["gene"], row["protein_change"], row["exon"], row["method"], row["mane"]) == (
        "BRAF",
        "V600E",
        "15/18",
        "ANN",
        True,
    )


def test_a_maf_names_its_change_in_either_build() -> None:
    text = (
        "MAF:Hugo_Symbol|Variant_Classification|Protein_Change|i_transcript_name:"
        "NPM1|Frame_Shift_Ins|p.W288fs|NM_002520.5"
    )
    (row,) = annotate([variant(build="GRCh37", ref="-", alt="TCTG", annotation=text)])
    assert (row["gene"], row["protein_change"], row["consequence"], row["method"]) == (
        "NPM1",
        "W288fs",
        "frameshift_variant",
        "MAF",
    )
    assert row["mane"] is False


def test_a_maf_without_a_gene_is_not_named() -> None:
    text = "MAF:Hugo_Symbol|Variant_Classification:Unknown|IGR"
    (row,) = annotate([variant(annotation=text)])
    assert row["method"] == "not_named"


def test_an_annotation_of_another_kind_is_a_bug() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        entries.decode("XYZ:a|b:c|d")


def test_known_variants_are_named_by_place() -> None:
    pack = BuiltPack(
        known_variants=[known(140753336, "A", "T", "BRAF", "V600E", hgvs_c="c.1799T>A")]
    )
    (row,) = annotate([variant()], pack)
    assert (
        row["method"],
        row["protein_change"],
        row["hgvs_p"],
        row["hgvs_g"],
        row["source_id"],
    ) == (
        "known_variant",
        "V600E",
        "p.Val600Glu",
        "g.140753336A>T",
        "cancerhotspots",
    )


def test_known_variants_are_not_looked_up_on_the_other_build() -> None:
    pack = BuiltPack(known_variants=[known(140753336, "A", "T", "BRAF", "V600E")])
    (row,) = annotate([variant(build="GRCh37")], pack)
    assert (row["method"], row["gene"]) == ("not_named", None)
    assert row["reason"].startswith("GRCh37: known variants are GRCh38; give calling.chain")


def test_what_nothing_names_says_so() -> None:
    rows = annotate([variant(), variant(pos=5, alt="<DEL>")])
    assert [(r["method"], r["reason"]) for r in rows] == [
        ("not_named", "a symbolic allele"),
        ("not_named", "not a known variant, and no reference with gene models was given"),
    ]


def test_only_variants_that_are_there_are_named() -> None:
    rows = [
        variant(fate="reference", allele_index=0, alt="."),
        variant(fate="rejected"),
        variant(pos=7, fate="filtered"),
        variant(pos=7, sample_id="T2"),
    ]
    assert [r["pos"] for r in annotate(rows)] == [7]


def test_gene_models_name_in_hgvs(tmp_path: Path) -> None:
    fasta, gff = write_models(tmp_path)
    plus = read_gff(gff)[0]
    pos = plus.cds[0][0] + 4
    pack = BuiltPack(
        gene_regions=[
            {
                "gene": "PLUS",
                "chrom": "chr7",
                "transcript": "TPLUS.4",
                "refseq": "NM_9.1",
                "start": 1,
                "end": 2,
            }
        ],
        gene_roles=[{"gene": "PLUS", "role": "oncogene", "source_id": "x"}],
        known_variants=[known(pos, "C", "A", "WRONG", "Q9H")],
    )
    made = annotate(
        [
            variant(pos=pos, ref="C", alt="A"),
            variant(pos=plus.start - 20, ref=base(plus.start - 20), alt="N"),
        ],
        pack,
        reference=fasta,
        gff=gff,
        work_folder=tmp_path,
    )
    upstream, row = made
    assert (row["gene"], row["hgvs_c"], row["hgvs_p"], row["exon"], row["mane"], row["method"]) == (
        "PLUS",
        "c.5C>A",
        "p.Ala2Asp",
        "1/2",
        True,
        "csq",
    )
    assert (row["consequence"], row["hgvs_g"]) == ("missense_variant", f"g.{pos}C>A")
    assert (upstream["consequence"], upstream["gene"]) == ("upstream_gene_variant", "PLUS")


def test_gene_models_of_one_build_do_not_name_the_other(tmp_path: Path) -> None:
    fasta, gff = write_models(tmp_path)
    pos = read_gff(gff)[0].cds[0][0] + 4
    (row,) = annotate(
        [variant(pos=pos, ref="C", alt="A", build="GRCh37")],
        reference=fasta,
        gff=gff,
        work_folder=tmp_path,
    )
    assert row["method"] == "not_named"


def test_what_the_gene_models_do_not_hold_is_looked_up(tmp_path: Path) -> None:
    fasta, gff = write_models(tmp_path)
    pack = BuiltPack(known_variants=[known(140753336, "A", "T", "BRAF", "V600E")])
    rows = annotate(
        [variant(), variant(pos=9)], pack, reference=fasta, gff=gff, work_folder=tmp_path
    )
    assert [(r["pos"], r["method"]) for r in rows] == [
        (9, "not_named"),
        (140753336, "known_variant"),
    ]
    assert rows[0]["reason"].startswith("in no transcript of the gene models")


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "expected"),
    [
        (10, "A", "T", (10, "A", "T")),
        (10, "CAG", "CTG", (11, "A", "T")),
        (10, "CAA", "CA", (10, "CA", "C")),
        (10, "CA", "CAA", (10, "C", "CA")),
        (10, "AT", "GC", (10, "AT", "GC")),
    ],
)
def test_trimming(pos: int, ref: str, alt: str, expected: tuple[int, str, str]) -> None:
    assert trimmed(pos, ref, alt) == expected


def test_introns_nmd_and_mane_plus_clinical(tmp_path: Path) -> None:
    fasta, gff = write_models(tmp_path)
    plus = read_gff(gff)[0]
    stop = plus.cds[0][0] + 9  # c.10G>T
    intron = plus.exons[0][1] + 20
    role = {"gene": "PLUS", "role": "oncogene", "source_id": "x"}
    facts = Facts(
        {("GRCh38", "chr7"): "NC_000007.14"},
        plus_clinical=frozenset({"TPLUS"}),
        nmd=Rules(last_junction=5, coding_start=0),
    )
    made = annotate(
        [
            variant(pos=stop, ref="G", alt="T"),
            variant(pos=intron, ref=base(intron), alt="T" if base(intron) != "T" else "C"),
        ],
        BuiltPack(gene_roles=[role]),
        reference=fasta,
        gff=gff,
        work_folder=tmp_path,
        facts=facts,
    )
    first, second = made
    assert (first["protein_change"], first["nmd"], first["mane"], first["mane_status"]) == (
        "E4*",
        "triggers",
        False,
        "MANE Plus Clinical",
    )
    assert first["accession"] == "NC_000007.14"
    assert (second["consequence"], second["splice_distance"]) == ("intron_variant", 20)
    assert (second["hgvs_c"] or "").startswith("c.31+20")
    assert (second["nmd"], second["hgvs_p"]) == (None, None)

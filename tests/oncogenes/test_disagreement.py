"""Names that the input brings are held against those of the gene models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import BuiltPack, sample, variant, write_models

from apothecary.knowledge.lift import Block, Lift
from apothecary.oncogenes import consequences, tumor_flags
from apothecary.oncogenes.findings import by_locus
from apothecary.oncogenes.gene_models import read_gff

REGION = {
    "gene": "PLUS",
    "chrom": "chr7",
    "transcript": "TPLUS.4",
    "refseq": "NM_9.1",
    "start": 1,
    "end": 2,
}
ROLE = {"gene": "PLUS", "role": "oncogene", "source_id": "x"}
PACK = BuiltPack(gene_regions=[REGION], gene_roles=[ROLE])
FIELDS = "CSQ:Allele|Consequence|SYMBOL|Feature_type|Feature|HGVSc|HGVSp:"


def annotated(
    folder: Path, feature: str, hgvs_c: str, hgvs_p: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    fasta, gff = write_models(folder)
    pos = read_gff(gff)[0].cds[0][0] + 4
    entry = f"A|missense_variant|PLUS|Transcript|{feature}|{feature}:{hgvs_c}|{hgvs_p}"
    row = variant(pos=pos, ref="C", alt="A", annotation=FIELDS + entry)
    named = consequences.annotate([row], PACK, fasta, gff, folder)
    return named, row


@pytest.mark.parametrize(
    ("feature", "hgvs_c", "hgvs_p", "expected"),
    [
        ("TPLUS.4", "c.5C>A", "P1:p.Ala2Asp", None),
        ("TPLUS.4", "c.8C>A", "P1:p.Ala3Asp", "the gene models give A2D (c.5C>A)"),
        ("NM_9.1", "c.8C>A", "P1:p.Ala3Asp", "the gene models give A2D (c.5C>A)"),
        ("NM_7.1", "c.8C>A", "P1:p.Ala3Asp", None),  # another transcript numbers otherwise
        ("TPLUS.4", "c.8C>A", "", None),  # the input leaves the protein unsaid
    ],
)
def test_a_conflict_is_told_and_the_input_kept(
    feature: str, hgvs_c: str, hgvs_p: str, expected: str | None, tmp_path: Path
) -> None:
    named, row = annotated(tmp_path, feature, hgvs_c, hgvs_p)
    assert [(r["method"], r["hgvs_c"], r["conflict"]) for r in named] == [("CSQ", hgvs_c, expected)]
    flags = tumor_flags.remarks(sample(), [row], by_locus(named), [])
    told = [f["reason"] for f in flags if f["flag"] == "annotation_conflict"]
    assert bool(told) == (expected is not None)
    if expected:
        assert told[0].endswith(f"by the input's CSQ): {expected}")


def test_variants_of_the_other_build_are_named_where_the_chain_leads(tmp_path: Path) -> None:
    fasta, gff = write_models(tmp_path)
    pos = read_gff(gff)[0].cds[0][0] + 4
    shift = 500
    block = Block(0, shift, 10_000, 1)
    lift = Lift({"chr7": [block]}, {"chr7": [block]})
    rows = [
        variant(pos=pos - shift, ref="C", alt="A", build="GRCh37"),
        variant(pos=20_000, ref="C", alt="A", build="GRCh37"),
    ]
    named = consequences.annotate(rows, PACK, fasta, gff, tmp_path, lift=lift)
    assert [(r["build"], r["pos"], r["hgvs_c"], r["hgvs_g"]) for r in named] == [
        ("GRCh37", pos - shift, "c.5C>A", f"g.{pos}C>A"),
        ("GRCh37", 20_000, None, None),
    ]
    assert named[0]["reason"] == f"named at GRCh38 chr7:{pos}, where the chain file leads"
    assert named[1]["method"] == "not_named"


def test_a_chain_is_read_only_where_it_is_needed(tmp_path: Path) -> None:
    assert consequences.lift_of([variant()], tmp_path / "absent.chain") is None
    assert consequences.lift_of([variant(build="GRCh37")], "") is None


def test_what_the_chain_leads_to_must_lead_back() -> None:
    good, better = Block(0, 500, 1_000, 1), Block(0, 5_000, 1_000, 9)
    assert Lift({"chr7": [good]}, {"chr7": [good]}).to_grch38("chr7", 10) == 510
    assert Lift({"chr7": [good]}, {"chr7": [good]}).to_grch38("chr7", 999, 5) is None
    assert Lift({"chr7": [Block(0, -1, 9, 1)]}, {}).to_grch38("chr7", 5) is None
    other = Block(2_000, 5_000, 1_000, 99)
    assert Lift({"chr7": [better, other]}, {"chr7": [other]}).to_grch38("chr7", 10) is None

from __future__ import annotations

import pytest
from run_builder import RunBuilder

from apothecary import why

PLACE = {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}


def tumor(**sample) -> RunBuilder:
    given = {"role": "tumor", "assay": "panel", "tumor_type": "COAD", "format": "bam", **sample}
    return RunBuilder().sample("T1", **given).consent("T1", "tumor")


def add(builder: RunBuilder, status: str, **values) -> RunBuilder:
    facts = {"sample_id": "T1", **PLACE, "gene": "BRAF", "protein_changes": ["V600E"]}
    facts |= {"build": "GRCh38", "input_pos": PLACE["pos"], "status": status}
    return builder.add("hotspot_evidence", **{**facts, **values})


def found(builder: RunBuilder, **values) -> RunBuilder:
    counts = {"depth": 400, "alt_depth": 40, "vaf": 0.1, "vaf_low": 0.0743, "vaf_high": 0.1333}
    counts |= {"alt_forward": 19, "alt_reverse": 21, "p_value": 1e-70, "detection_limit": 0.02}
    return add(builder, "found", **{**counts, **values})


def told(builder: RunBuilder, folder, query: str) -> list[str]:
    lines = why.explain(builder.write(folder), "T1", query)
    return [line for line in lines if line.startswith("genotype_hotspots: ")]


QUERIES = ["BRAF V600E", "braf p.Val600Glu", "chr7:140753336:A:T", "chr7:140753336"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_variant_that_was_not_found_is_told_with_its_limit(tmp_path, query):
    builder = add(tumor(), "not found", depth=310, alt_depth=2, detection_limit=0.01789,
                  reason="seen in 2, below 5")  # fmt: skip
    assert told(builder, tmp_path, query) == [
        "genotype_hotspots: BRAF V600E, chr7:140753336:A:T (GRCh38): not found at a detection "
        "limit of 0.0179 (it may be there below it); 2 of 310 fragments (seen in 2, below 5)"
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_a_variant_that_was_found_is_told_with_its_reads(tmp_path, query):
    assert told(found(tumor()), tmp_path, query) == [
        "genotype_hotspots: BRAF V600E, chr7:140753336:A:T (GRCh38): found; 40 of 400 fragments, "
        "allele fraction 0.1 (0.0743 to 0.133), 19 reads forward and 21 reverse, probability of "
        "errors alone 1e-70"
    ]


def test_a_site_that_is_not_assessable_is_told_with_its_reason(tmp_path):
    builder = add(tumor(), "not assessable", depth=3, reason="depth 3 is below 20")
    (line,) = told(builder, tmp_path, "BRAF V600E")
    assert line.endswith(": not assessable; 0 of 3 fragments (depth 3 is below 20)")


def test_bases_that_are_asked_for_are_told_apart(tmp_path):
    builder = add(found(tumor()), "not found", alt="G", protein_changes=["V600A"], depth=9,
                  detection_limit=0.5)  # fmt: skip
    assert len(told(builder, tmp_path, "chr7:140753336")) == 2
    (line,) = told(builder, tmp_path, "chr7:140753336:A:G")
    assert "V600A" in line


def test_a_place_of_the_alignment_is_the_place_of_the_variant(tmp_path):
    builder = found(tumor(), build="GRCh37", input_pos=140453136)
    (line,) = told(builder, tmp_path, "chr7:140453136")
    assert "chr7:140753336:A:T (GRCh38), at 140453136 in GRCh37: found" in line


def test_a_gene_is_told_by_counts_and_by_what_was_found(tmp_path):
    builder = found(tumor())
    for number, limit in enumerate((0.01, 0.031), start=1):
        add(builder, "not found", pos=number, depth=300, detection_limit=limit)
    for number in (11, 12):
        add(builder, "not assessable", pos=number, reason="the alignment has no contig chr7")
    for number, depth in ((13, 3), (14, 19)):
        add(builder, "not assessable", pos=number, depth=depth, reason=f"depth {depth} is below 20")
    add(builder, "not found", pos=20, gene="KRAS", depth=300, detection_limit=0.4)
    first, second, low, third = told(builder, tmp_path, "BRAF")
    assert first == (
        "genotype_hotspots: 7 known variants of BRAF: 1 found, 2 not found at detection limits "
        "of 0.031 or better, 4 not assessable"
    )
    assert "BRAF V600E, chr7:140753336:A:T (GRCh38): found" in second
    assert low == "genotype_hotspots: not assessable, depth from 3 to 19 is too low: 2"
    assert third == ("genotype_hotspots: not assessable, the alignment has no contig chr7: 2")


def test_a_gene_that_only_the_evidence_knows_can_be_asked_for(tmp_path):
    builder = add(tumor(), "not found", gene="GENE1, GENE2", depth=300, detection_limit=0.4)
    assert told(builder, tmp_path, "gene2")[0].startswith(
        "genotype_hotspots: 1 known variants of GENE2: 0 found, 1 not found"
    )


@pytest.mark.parametrize("sample", [{"format": "vcf"}, {"role": "germline"}])
def test_a_sample_without_evidence_is_told_as_before(tmp_path, sample):
    lines = why.explain(tumor(**sample).write(tmp_path), "T1", "BRAF V600E")
    assert not [line for line in lines if "hotspot" in line]


def test_a_run_that_has_not_come_to_the_evidence_says_so(tmp_path):
    lines = why.explain(tumor().write(tmp_path), "T1", "BRAF V600E")
    assert "run: it has not come to the table hotspot_evidence" in lines

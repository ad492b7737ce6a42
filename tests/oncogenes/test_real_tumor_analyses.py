"""A real tumor: its segments in the columns of every caller, its fusions, hits and origins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import sample
from test_real_tumors import read_vcf

from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import consequences, copy_number, evidence, fusions, tumors
from apothecary.oncogenes.settings import Settings

pytestmark = pytest.mark.shared
CONSENT = [{"subject_id": "P1", "scope": "tumor", "decision": "yes"}]


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return build.build(repository / "resources" / "knowledge", tmp_path_factory.mktemp("p") / "p")


@pytest.fixture(scope="module")
def truth(shared: Path) -> Path:
    return shared / "data" / "truth"


FORMS = {
    "ascat": ("sample\tchr\tstartpos\tendpos\tnMajor\tnMinor", "T\t{c}\t{s}\t{e}\t{a}\t{b}"),
    "facets": ("chrom\tseg\tstart\tend\ttcn.em\tlcn.em", "{c}\t1\t{s}\t{e}\t{t}\t{b}"),
    "purple": (
        "chromosome\tstart\tend\tcopyNumber\tminorAlleleCopyNumber\tmajorAlleleCopyNumber",
        "chr{c}\t{s}\t{e}\t{t}\t{b}\t{a}",
    ),
    "cnvkit": (
        "chromosome\tstart\tend\tgene\tlog2\tcn\tcn1\tcn2",
        "chr{c}\t{z}\t{e}\t-\t0\t{t}\t{b}\t{a}",
    ),
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_segments_are_the_same_in_the_columns_of_every_caller(form, truth, tmp_path):
    own = copy_number.read(truth / "pcgr_T001-COAD.grch38.cna.tsv")
    header, line = FORMS[form]
    lines = [header]
    for segment in own:
        assert segment.major is not None
        assert segment.minor is not None
        a, b = max(segment.major, segment.minor), min(segment.major, segment.minor)
        name = segment.chrom.removeprefix("chr")
        place = {"c": name, "s": segment.start, "z": segment.start - 1, "e": segment.end}
        lines.append(line.format(**place, a=a, b=b, t=a + b))
    path = tmp_path / "segments.tsv"
    path.write_text("\n".join(lines) + "\n")
    found = copy_number.read(path)
    assert len(found) == len(own)
    assert [(s.chrom, s.start, s.end, s.total) for s in found] == [
        (s.chrom, s.start, s.end, s.total) for s in own
    ]


def test_the_fusions_are_the_same_in_the_columns_of_star_fusion(truth, tmp_path):
    own = fusions.read("T1", truth / "pcgr_T001-COAD.grch38.fusions.tsv")
    lines = ["#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftBreakpoint\tRightBreakpoint"]
    lines += [
        f"{r['gene_5prime']}--{r['gene_3prime']}\t{r['reads']}\t0\t{r['breakpoint_5prime']}:+\t"
        f"{r['breakpoint_3prime']}:-"
        for r in own
    ]
    path = tmp_path / "star.tsv"
    path.write_text("\n".join(lines) + "\n")
    same = ("gene_5prime", "gene_3prime", "breakpoint_5prime", "breakpoint_3prime", "reads")
    assert [[r[k] for k in same] for r in fusions.read("T1", path)] == [
        [r[k] for k in same] for r in own
    ]


@pytest.fixture(scope="module")
def assessed(truth: Path, pack: Pack) -> dict[str, list[dict[str, Any]]]:
    variants = read_vcf(truth / "pcgr_T001-COAD.grch38.vcf.gz")
    segments = copy_number.read(truth / "pcgr_T001-COAD.grch38.cna.tsv")
    facts = {"subject_id": "P1", "sex": "F", "batch": "b", "purity": None, "ploidy": None}
    tumor = sample(tumor_type="COAD", assay="exome", **facts)
    genes = evidence.index(pack).genes
    regions = pack.rows("gene_regions")
    rows = {
        "samples": [tumor],
        "consent": CONSENT,
        "variants": variants,
        "consequences": consequences.annotate(variants, pack),
        "neighbours": [],
        "copy_number": copy_number.of_genes("T1", segments, regions, genes, Settings()),
        "depth_copy_number": [],
        "fusions": fusions.read("T1", truth / "pcgr_T001-COAD.grch38.fusions.tsv"),
    }
    return tumors.assess(rows, [tumor], None, pack, {})


def test_somatic_calls_are_seldom_taken_for_germline(assessed):
    """The calls were made against a normal: every one of them is somatic."""
    rows = assessed["variant_origins"]
    assert len(rows) > 150
    germline = sum(row["status"] == "likely_germline" for row in rows)
    assert germline / len(rows) < 0.06
    (braf,) = (r for r in rows if r["alteration"] == "BRAF V600E")
    assert braf["status"] != "likely_germline"


def test_without_purity_no_clonality_is_told(assessed):
    rows = assessed["clonality"]
    assert len(rows) == len(assessed["variant_origins"])
    assert {row["status"] for row in rows} == {"unknown"}


def test_hits_are_told_with_what_is_lost(assessed):
    rows = {row["gene"]: row for row in assessed["two_hits"]}
    assert rows
    for row in rows.values():
        if row["status"] == "two_hits" and "homozygous deletion" not in row["lost"]:
            assert row["lost"]
            assert row["truncating"]

"""Real genes: known variants by place, and a whole file as a smoke test."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from germline_builders import BOTH, called, classify, config

from apothecary.germline import rules
from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    source = repository / "resources" / "knowledge"
    return build.build(source, tmp_path_factory.mktemp("pack") / "pack")


@pytest.fixture(scope="module")
def by_name(shared: Path, pack: Pack) -> dict[str, dict]:
    """Variants of BRCA1 and BRCA2 by their c. name."""
    data = shared / "data" / "reference"
    reference = {
        "fasta": str(data / "oncogene_slices.fa.gz"),
        "gff": str(data / "genes_ensembl.gff3.gz"),
        "build": "GRCh38",
    }
    places = (
        ("chr17", 43124027, "ACT", "A"), ("chr17", 43057062, "T", "TG"),
        ("chr17", 43067607, "C", "T"), ("chr17", 43106487, "A", "C"),
        ("chr13", 32340300, "GT", "G"), ("chr13", 32332592, "A", "C"),
        ("chr13", 32398489, "A", "T"),
    )  # fmt: skip
    variants = [called(chrom=chrom, pos=pos, ref=ref, alt=alt) for chrom, pos, ref, alt in places]
    rows = classify(variants, pack, scopes=BOTH, settings_of=config(reference))
    return {row["hgvs_c"]: row for row in rows}


@pytest.mark.parametrize(
    ("name", "expected", "codes", "reported"),
    [
        ("c.68_69del", "Likely pathogenic", ["PVS1"], "finding"),
        ("c.5074+1G>A", "Likely pathogenic", ["PVS1"], "finding"),
        # The new stop is in the last exon: strong, not very strong.
        ("c.5266dup", "Uncertain significance", ["PVS1_STR"], "uncertain"),
        ("c.181T>G", "Uncertain significance", ["PS1", "BP1"], "uncertain"),
        ("c.5946del", "Likely pathogenic", ["PVS1"], "finding"),
        # Common, and 3 % of the protein lost.
        ("c.1114A>C", "Benign", ["BP1", "BA1"], None),
        ("c.9976A>T", "Uncertain significance", ["PVS1_MOD"], "uncertain"),
    ],
)
def test_known_variants(by_name, name, expected, codes, reported):
    row = by_name[name]
    assert (row["class"], row["codes"], row["reported_as"]) == (expected, codes, reported)
    assert row["lists"] == ["acmg_sf", "predisposition"]
    assert not row["secondary"]


def test_a_whole_file_is_classified_and_the_rest_is_told(shared: Path, pack: Pack):
    variants = []
    path = shared / "data" / "truth" / "cpsr_example.vcf.gz"
    with gzip.open(path, "rt") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.startswith("#"):
                chrom, pos, _, ref, alt = line.split("\t")[:5]
                place = {"chrom": f"chr{chrom}", "pos": int(pos), "ref": ref, "alt": alt}
                variants.append(called(**place, build="GRCh37", record=number))
    assert len(variants) == 3316
    rows = classify(variants, pack, scopes=BOTH)
    classes = Counter(row["class"] for row in rows)
    print(dict(classes))
    assert len(rows) > 100
    assert set(classes) <= set(rules.CLASSES)
    # Without gene models or annotation of GRCh37, none is called pathogenic and each says why.
    assert not rules.REPORTED & set(classes)
    assert all(row["not_assessed"][0].startswith("PVS1, PS1") for row in rows)

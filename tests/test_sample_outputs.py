"""What a run makes of each sample that is given as reads."""

from __future__ import annotations

import pytest

from apothecary import sample_outputs


def sample(role: str, form: str) -> dict[str, str]:
    return {"sample_id": "S", "role": role, "format": form}


def test_a_sample_given_as_variants_has_none():
    assert sample_outputs.paths([sample("germline", "vcf"), sample("tumor", "maf")]) == []


@pytest.mark.parametrize(("role", "kind"), [("germline", "germline"), ("normal", "germline")])
def test_a_germline_sample_has_genotypes_and_no_evidence_at_hotspots(role, kind):
    found = sample_outputs.paths([sample(role, "bam")])
    assert f"<results>/calls/S/{kind}.g.vcf.gz.tbi" in found
    assert "<results>/calls/S/germline.outcomes.parquet" in found
    assert not [path for path in found if "hotspot" in path or "/alignments/" in path]


def test_a_tumor_given_as_fastq_has_its_alignment_tables_and_hotspots():
    found = sample_outputs.paths([sample("tumor", "fastq")])
    assert found[:2] == [
        "<results>/alignments/S.alignment.parquet",
        "<results>/alignments/S.read_files.parquet",
    ]
    assert "<results>/calls/S/somatic.vcf.gz" in found
    assert found[-1] == "<results>/calls/S/hotspot_evidence.parquet"
    assert len(found) == len(set(found))

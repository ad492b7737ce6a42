from __future__ import annotations

import hashlib

import pytest
from fastq_builders import Genome, pairs

from apothecary import manifest, schemas, tables


@pytest.mark.parametrize("form", ["bam", "cram"])
def test_the_manifest_lists_alignments_with_the_digest_of_their_table(tmp_path, form):
    genome = Genome(tmp_path)
    reads = pairs("chr7", 140_700_001, genome.bases["chr7"], 20, 1)
    row = genome.align([genome.lane("S", "L1", reads)], "results/alignments", form).alignment
    results = tmp_path / "results"
    found = {entry["path"]: entry for entry in manifest.aligned(results, [row])}
    index = "crai" if form == "cram" else "bai"
    assert set(found) == {f"alignments/S.{form}", f"alignments/S.{form}.{index}"}
    for name, entry in found.items():
        data = (results / name).read_bytes()
        assert (entry["size"], entry["rule"]) == (len(data), "align_reads")
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_manifest_tells_the_rule_of_each_file_of_a_sample(tmp_path):
    outcome = {"sample_id": "S", "step": "call_somatic", "status": "ok", "reason": ""}
    quality = {**outcome, "step": "measure_alignments"}
    files = {
        "calls/S/somatic.outcomes.parquet": (schemas.OUTCOMES, [outcome], "call_somatic"),
        "qc/S/outcomes.parquet": (schemas.QC_OUTCOMES, [quality], "measure_alignments"),
        "calls/S/hotspot_evidence.parquet": (schemas.HOTSPOT_EVIDENCE, [], "genotype_hotspots"),
        "tables/b/hotspot_evidence.parquet": (schemas.HOTSPOT_EVIDENCE, [], "collect_hotspots"),
    }
    for name, (table, rows, _) in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        tables.write(tmp_path / name, table, rows)
    (tmp_path / "calls/S/somatic.vcf.gz").write_bytes(b"calls")
    found = {row["path"]: row for row in manifest.outputs(tmp_path, [tmp_path])}
    assert found["calls/S/somatic.vcf.gz"]["rule"] == "call_somatic"
    assert {name: found[name]["rule"] for name in files} == {
        name: rule for name, (_, _, rule) in files.items()
    }
    assert found["qc/S/outcomes.parquet"]["rows"] == 1

from __future__ import annotations

import hashlib

import pytest
from fastq_builders import Genome, pairs

from apothecary import manifest


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

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import exons


def write(folder: Path, *lines: str) -> Path:
    path = folder / "exons.bed.gz"
    head = "#contig\tstart\tend\texon_id\tgene_name\texon_number\ttranscript_id"
    path.write_bytes(gzip.compress("\n".join([head, *lines, ""]).encode()))
    return path


def test_genes_of_which_evidence_names_an_exon() -> None:
    names = ["EGFR Exon 19 Deletion", "EGFR T790M AND KIT EXON 11 MUTATION", "BRAF V600E"]
    rows = [{"molecular_profile": name} for name in names]
    assert exons.genes_asked(rows) == {"EGFR", "KIT"}


def test_exons_of_mane_select_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "chr7\t99\t200\tENSE1\tEGFR\t19\tENST1.7",
        "chr7\t9\t20\tENSE2\tEGFR\t19\tENST2.1",
        "chr4\t9\t20\tENSE3\tKDR\t1\tENST3.1",
    )
    assert exons.import_exons(path, "source", {"EGFR"}, {"ENST1", "ENST3"}) == {
        "exons": [
            {
                "gene": "EGFR",
                "exon": 19,
                "chrom": "chr7",
                "start": 100,
                "end": 200,
                "transcript": "ENST1.7",
                "source_id": "source",
            }
        ]
    }


def test_an_exon_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    line = "chr7\t99\t200\tENSE1\tEGFR\t19\tENST1.7"
    with pytest.raises(ResourceError, match="exon 19 of EGFR is there twice"):
        exons.import_exons(write(tmp_path, line, line), "source", {"EGFR"}, {"ENST1"})

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import fusions


def write(folder: Path, text: str) -> Path:
    path = folder / "fusions.tsv"
    path.write_text(text)
    return path


def test_fusions_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "FusionGene\tLeftBreakpoint\tRightBreakpoint\tSplitReads\n"
        "EML4--ALK\t2:42295554\tchr2:29223528\t100\nHLA-A::ROS1\t.\tNA\t\n",
    )
    assert fusions.read("T1", path) == [
        {
            "sample_id": "T1",
            "gene_5prime": "EML4",
            "gene_3prime": "ALK",
            "row": 2,
            "breakpoint_5prime": "chr2:42295554",
            "breakpoint_3prime": "chr2:29223528",
            "strand_5prime": None,
            "strand_3prime": None,
            "reads": 100,
            "frame": None,
            "caller": "apothecary",
        },
        {
            "sample_id": "T1",
            "gene_5prime": "HLA-A",
            "gene_3prime": "ROS1",
            "row": 3,
            "breakpoint_5prime": None,
            "breakpoint_3prime": None,
            "strand_5prime": None,
            "strand_3prime": None,
            "reads": None,
            "frame": None,
            "caller": "apothecary",
        },
    ]


def test_the_pair_alone_will_do(tmp_path: Path) -> None:
    assert fusions.read("T1", write(tmp_path, "FusionGene\nBCR--ABL1\n"))[0]["reads"] is None


def test_every_problem_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path, "FusionGene\tLeftBreakpoint\tSplitReads\nEML4\t2:0\tmany\nA--B\t2:5\t3\n"
    )
    with pytest.raises(WorkflowInputError) as caught:
        fusions.read("T1", path)
    assert str(caught.value).replace(str(tmp_path), "").splitlines() == [
        "/fusions.tsv, row 2, FusionGene: found 'EML4'; two gene symbols joined by -- or :: are "
        "needed",
        "/fusions.tsv, row 2, LeftBreakpoint: found '2:0'; chrom:pos with a 1-based position",
        "/fusions.tsv, row 2, SplitReads: found 'many'; a count of reads is needed",
    ]


def test_without_the_pair_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(WorkflowInputError, match="column FusionGene is absent"):
        fusions.read("T1", write(tmp_path, "Gene\nBCR--ABL1\n"))

"""Pages of reads: what is cut out, what the page holds and asks for, and which igv.js is taken."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sys
from pathlib import Path

import pysam
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from read_builders import LENGTHS
from report_builders import RUN, failed_tables, germline_tables, pack, sample, site

from apothecary.alignments import files as alignments
from apothecary.errors import ResourceError
from apothecary.reports import igv, model, read_slices, reads
from apothecary.variants.reference import Fasta

START, LENGTH = 94_781_000, 1600
POS = 94_781_859
BASES = ("ACGTTGCA" * 200)[:LENGTH]
PROGRAM = "var igv = {};"


def write_alignments(path: Path, names: int) -> None:
    lengths = LENGTHS["GRCh38"]
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": n, "LN": lengths[n], "UR": "/home/someone/x.fa"} for n in lengths],
        "RG": [{"ID": "lane", "SM": "HG00276", "LB": "a library"}],
        "PG": [{"ID": "aligner", "CL": "/home/someone/aligner"}],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number in range(names):
            read = pysam.AlignedSegment(out.header)
            read.query_name = f"read{number:04}"
            read.reference_id = out.get_tid("chr10")
            read.reference_start = POS - 60 + (number * 100) // names - 40
            read.cigarstring = "100M"
            first = read.reference_start + 1 - START
            read.query_sequence = BASES[first : first + 100]
            read.query_qualities = pysam.qualitystring_to_array("I" * 100)
            read.mapping_quality = 60
            read.set_tag("RG", "lane")
            out.write(read)
    pysam.index(str(path))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("reads")
    write_alignments(place / "HG00276.bam", 400)
    (place / "ref.fa").write_text(f">chr10:{START}-{START + LENGTH - 1}\n{BASES}\n")
    rows = germline_tables()
    models = [
        model.build_model(sample(format="bam"), rows, pack(), RUN),
        model.build_model(sample("S2"), germline_tables("S2"), pack(), RUN),
        model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN),
    ]
    files = {"HG00276": str(place / "HG00276.bam")}
    for name in ("one", "two"):
        reads.write_pages(place / name, models, files, place / "ref.fa", PROGRAM)
    return place


def held(page: str) -> dict[str, str]:
    (text,) = re.findall(r'<script type="application/json" id="held">(.*?)</script>', page, re.S)
    found: dict[str, str] = json.loads(text)
    return found


def unpacked(address: str) -> bytes:
    return base64.b64decode(address.split(",", 1)[1])


def test_every_sample_that_did_not_fail_has_a_page(made):
    assert sorted(p.name for p in (made / "one").iterdir()) == ["HG00276.html", "S2.html"]
    assert "No reads were given" in (made / "one" / "S2.html").read_text()


def test_the_bytes_are_the_same_at_every_run(made):
    for path in (made / "one").iterdir():
        assert path.read_bytes() == (made / "two" / path.name).read_bytes()


def test_the_reads_over_the_finding_are_cut_out_and_nothing_that_names_a_run(made, tmp_path):
    page = (made / "one" / "HG00276.html").read_text()
    told = held(page)
    bam = unpacked(told["reads"])
    (tmp_path / "cut.bam").write_bytes(bam)
    with pysam.AlignmentFile(str(tmp_path / "cut.bam"), check_sq=False) as file:
        cut = list(file)
        header = file.header.to_dict()
    assert len(cut) == read_slices.READS_SHOWN
    assert f"{read_slices.READS_SHOWN} of 400 reads" in page
    assert all(r.reference_start < POS <= r.reference_end and not r.get_tags() for r in cut)
    assert set(header) == {"HD", "SQ"}
    assert all(set(line) == {"SN", "LN"} for line in header["SQ"])
    fasta = unpacked(told["reference"]).decode()
    start, end = POS - read_slices.FLANK, POS + read_slices.FLANK
    length = LENGTHS["GRCh38"]["chr10"]
    assert (
        fasta == f">chr10:{start}-{end} @len={length}\n{BASES[start - START : end - START + 1]}\n"
    )
    assert told["locus"] == f"chr10:{start}-{end}"


def test_the_policy_names_the_scripts_and_lets_nothing_be_asked_for(made):
    page = (made / "one" / "HG00276.html").read_text()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy.replace("&#39;", "'")
    assert policy.startswith("default-src &#39;none&#39;;")
    assert "connect-src" not in policy


def test_a_place_is_shown_once_and_only_of_what_the_model_holds():
    rows = germline_tables()
    rows["sites"].append(site("HG00276", "CYP2C8", POS, "called", allele_2="T"))
    shown = reads.loci(model.build_model(sample(), rows, pack(), RUN))
    assert [(locus.chrom, locus.pos) for locus in shown] == [("chr10", POS)]


def test_reads_of_another_build_are_not_shown(made, tmp_path):
    rows = germline_tables()
    rows["outcomes"][0]["build"] = "GRCh37"
    told = [model.build_model(sample(), rows, pack(), RUN)]
    files = {"HG00276": str(made / "HG00276.bam")}
    reads.write_pages(tmp_path, told, files, made / "ref.fa", PROGRAM)
    page = (tmp_path / "HG00276.html").read_text()
    assert "not of GRCh38" in page
    assert "<script>" not in page


def test_only_a_known_release_of_the_program_is_taken(tmp_path, repository):
    releases = repository / "resources" / "igv_releases.tsv"
    other = tmp_path / "igv.min.js"
    other.write_text(PROGRAM)
    with pytest.raises(ResourceError, match=r"of no known release of igv\.js"):
        igv.load(other, releases)
    with pytest.raises(
        ResourceError, match=r"cannot be read .*dist/igv\.min\.js of the npm package"
    ):
        igv.load(tmp_path / "absent.js", releases)
    known = tmp_path / "releases.tsv"
    digest = hashlib.sha512(PROGRAM.encode()).hexdigest()
    known.write_text(f"version\tsha512\n0\t{digest}\n")
    assert igv.load(other, known) == PROGRAM


def test_no_read_leaves_no_read(made, tmp_path):
    alignment = alignments.look(str(made / "HG00276.bam"))
    with_none = [read_slices.Locus("x", "chr10", POS + 100_000, 1)]
    cut = read_slices.cut(alignment, Fasta(made / "ref.fa", tmp_path), with_none)
    assert (cut.shown, cut.present, cut.fasta) == ((0,), (0,), "")
    assert io.BytesIO(cut.bam).read(2) == b"\x1f\x8b"

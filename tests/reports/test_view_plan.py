"""The view of reads in the plan of a run, and its script."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest
from report_builders import RUN, failed_tables, germline_tables, pack, sample
from test_read_pages import BASES, LENGTH, PROGRAM, START, write_alignments

from apothecary import settings, sheets
from apothecary.errors import ResourceError, WorkflowInputError
from apothecary.planning import checks
from apothecary.reports import model, write


def checked(repository: Path, **values):
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    return settings.check({"samples": "samples.tsv", **values}, schema, "config")


def test_a_view_that_is_not_known_is_refused(repository):
    with pytest.raises(WorkflowInputError, match=r"config, reports\.views: 'posters'; one of"):
        checks.check_views(checked(repository, reports={"views": ["posters"]}), "config")


def test_what_pages_of_reads_need_is_asked_for(repository):
    with pytest.raises(WorkflowInputError) as told:
        checks.check_views(checked(repository, reports={"views": ["reads"]}), "config")
    lines = str(told.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("config, reports.igv: not given, and reports.views asks for reads; ")
    assert lines[1].startswith("config, reference.fasta: not given, and reports.views asks for")
    given = {"reports": {"views": ["reads"], "igv": "igv.js"}, "reference": {"fasta": "ref.fa"}}
    checks.check_views(checked(repository, **given), "config")


def test_the_program_is_looked_at_before_the_run(repository, tmp_path):
    releases = repository / "resources" / "igv_releases.tsv"
    checks.check_igv(checked(repository), releases)
    (tmp_path / "igv.js").write_text(PROGRAM)
    given = checked(repository, reports={"views": ["reads"], "igv": str(tmp_path / "igv.js")})
    with pytest.raises(ResourceError, match=r"config, reports\.igv: .* of no known release"):
        checks.check_igv(given, releases)


def test_the_script_makes_the_pages_of_a_batch(repository, tmp_path):
    spec = importlib.util.spec_from_file_location("rule", repository / "scripts" / "show_reads.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    models = [
        model.build_model(sample(format="bam"), germline_tables(), pack(), RUN),
        model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN),
    ]
    write.write_reports(tmp_path / "reports", models)
    write_alignments(tmp_path / "HG00276.bam", 20)
    (tmp_path / "ref.fa").write_text(f">chr10:{START}-{START + LENGTH - 1}\n{BASES}\n")
    (tmp_path / "igv.js").write_text(PROGRAM)
    digest = hashlib.sha512(PROGRAM.encode()).hexdigest()
    (tmp_path / "releases.tsv").write_text(f"version\tsha512\n0\t{digest}\n")
    script.main(
        str(tmp_path / "reports"),
        {"HG00276": str(tmp_path / "HG00276.bam")},
        str(tmp_path / "ref.fa"),
        str(tmp_path / "igv.js"),
        str(tmp_path / "releases.tsv"),
        str(tmp_path / "reads"),
    )
    assert [path.name for path in (tmp_path / "reads").iterdir()] == ["HG00276.html"]
    assert "20 of 20 reads" in (tmp_path / "reads" / "HG00276.html").read_text()

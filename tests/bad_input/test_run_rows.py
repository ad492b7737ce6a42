"""Rows 101 to 110 of the list of bad input: what befalls a run."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from apothecary import files, progress
from apothecary.errors import EXIT_INPUT, WorkflowInputError
from apothecary.execution import audit, orphans, ownership
from apothecary.knowledge import build
from apothecary.qc import programs
from apothecary.reads import processes
from apothecary.variants import stream

sys.path.append(str(Path(__file__).resolve().parents[1] / "knowledge"))
from knowledge_builders import small_tables, write_tables

REPOSITORY = Path(__file__).resolve().parents[2]
TESTS = REPOSITORY / "tests"
PATHS = os.pathsep.join(
    str(path) for path in (REPOSITORY / "scripts", TESTS, TESTS / "reports", TESTS / "knowledge")
)


def python(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process and an environment of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PATHS, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


WRITES_MUCH = """
import resource, signal, sys
from apothecary import files, tables, schemas
from apothecary.logs import logged
limit = 64 * 1024
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
rows = [{"path": f"{n:032x}", "sha256": f"{n * 7919:064x}", "size": n, "rule": "x"}
        for n in range(100_000)]
with logged(sys.argv[1] + "/rule.log"):
    if sys.argv[2] == "table":
        tables.write(sys.argv[1] + "/out.parquet", schemas.MANIFEST, rows)
    else:
        files.write_json(sys.argv[1] + "/out.json", rows)
"""


@pytest.mark.parametrize("what", ["table", "json"])
def test_row_101_no_room_for_a_file(tmp_path, what):
    """A limit of the size of files stands for a disk that is full in the midst of a write."""
    (tmp_path / "out.parquet").write_bytes(b"before")
    done = python(WRITES_MUCH, str(tmp_path), what)
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert "cannot be written" in line
    assert "make room and run again" in line
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["out.parquet", "rule.log"]
    assert (tmp_path / "out.parquet").read_bytes() == b"before"


DIES_MIDWAY = """
import os, signal, sys
from apothecary import files
with files.replacing(sys.argv[1]) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_row_102_killed_in_the_midst_of_a_write(tmp_path):
    """Whole runs that are killed are in tests/end_to_end/test_killed_run.py."""
    path = tmp_path / "tables" / "x.json"
    assert python(DIES_MIDWAY, str(path)).returncode == -signal.SIGKILL
    assert not path.exists()
    assert len(list(path.parent.iterdir())) == 1
    assert orphans.remove_temporaries(tmp_path) == 1
    assert list(path.parent.iterdir()) == []
    files.write_json(path, {"b": 1, "a": 2})
    assert path.read_text() == '{\n  "a": 2,\n  "b": 1\n}\n'


HOLDS = """
import sys, time
from apothecary.execution import ownership
with ownership.claimed(sys.argv[1], "samples.tsv", ["S1"]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_row_103_two_runs_in_one_folder(tmp_path):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path / "out")],
        env={"PYTHONPATH": PATHS},
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        for force in (False, True):
            with (
                pytest.raises(WorkflowInputError, match="another run works in this folder"),
                ownership.claimed(tmp_path / "out", tmp_path / "samples.tsv", ["S1"], force),
            ):
                pytest.fail("both have it")
        first.kill()


WRITES_ALL = """
import sys
from pathlib import Path
from report_builders import RUN, consent, germline_tables, pack, sample, tumor_sample, tumor_tables
from knowledge_builders import small_tables, write_tables
from apothecary.knowledge import build
from apothecary.reports import model, write
if len(sys.argv) > 2:
    import locale
    locale.setlocale(locale.LC_ALL, sys.argv[2])
out = Path(sys.argv[1])
models = [model.build_model(sample(), germline_tables(), pack(), RUN),
          model.build_model(tumor_sample(), tumor_tables(), pack(), RUN)]
write.write_reports(out / "reports", models)
build.build(write_tables(out / "tsv", small_tables()), out / "pack")
"""


def written(folder: Path, *words: str, **environment: str) -> dict[str, str]:
    """Digests of all that reports and tables are written as in an environment."""
    done = python(WRITES_ALL, str(folder), *words, **environment)
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> dict[str, str]:
    found = written(
        tmp_path_factory.mktemp("usual"), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="0"
    )
    assert {Path(name).suffix for name in found} >= {".json", ".html", ".xlsx", ".tsv", ".parquet"}
    return found


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "LANG": "POSIX"},
        {"TZ": "<-11>11", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
    ],
    ids=lambda environment: environment["TZ"],
)
def test_row_104_another_time_zone_and_encoding(tmp_path, usual, environment):
    assert written(tmp_path, PYTHONHASHSEED="0", **environment) == usual


LOCALE_SOURCE = Path("/usr/share/i18n/locales/de_DE")


@pytest.mark.skipif(not LOCALE_SOURCE.is_file(), reason="the system has no sources of locales")
def test_row_104_a_decimal_comma(tmp_path, usual):
    where = tmp_path / "locales"
    where.mkdir()
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(where / "de_DE.UTF-8")],
        capture_output=True,
        check=False,
    )
    assert (where / "de_DE.UTF-8").is_dir(), made.stderr
    german = {"LOCPATH": str(where), "LC_ALL": "de_DE.UTF-8", "TZ": "Europe/Berlin"}
    comma = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(1.5))"
    assert python(comma, **german).stdout == "1,5\n"
    assert written(tmp_path / "out", "de_DE.UTF-8", **german) == usual


@pytest.mark.parametrize("seed", ["1", "2", "4294967295", "random"])
def test_row_105_another_hash_seed(tmp_path, usual, seed):
    assert written(tmp_path, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED=seed) == usual


READS_KNOWLEDGE = """
import os, sys
opened = []
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        writes = "w" in str(arguments[1]) or "a" in str(arguments[1]) or arguments[2] & os.O_ACCMODE
        if writes and arguments[0].startswith(sys.argv[1]):
            opened.append(arguments[0])
    if event in ("os.mkdir", "os.rename", "os.remove", "os.chmod") and \\
            str(arguments[0]).startswith(sys.argv[1]):
        opened.append(str(arguments[0]))
sys.addaudithook(note)
from apothecary.knowledge import build, lock, pack
built = build.build(sys.argv[1] + "/tsv", sys.argv[2] + "/pack")
lock.verify_source(sys.argv[1] + "/tsv", sys.argv[1] + "/knowledge.lock")
kept = pack.load(sys.argv[1] + "/pack")
assert kept.digest == built.digest and kept.rows("pgx_alleles")
print(opened)
"""


def test_row_106_read_only_knowledge(tmp_path):
    """Nothing is opened to write, which also holds for root, whom no permission stops."""
    from apothecary.knowledge import lock

    place = tmp_path / "knowledge"
    source = write_tables(place / "tsv", small_tables())
    lock.write(source, build.build(source, place / "pack"), place / "knowledge.lock")
    for path in (place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = python(READS_KNOWLEDGE, str(place), str(tmp_path / "out"))
    finally:
        for path in (place, *place.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"


def test_row_107_a_mask_that_hides_nothing(tmp_path):
    code = (
        "import os, sys; os.umask(0)\n"
        "from apothecary import files, schemas, tables\n"
        "from apothecary.execution import audit, ownership\n"
        "from apothecary.logs import logged\n"
        "out = sys.argv[1] + '/out'\n"
        "with ownership.claimed(out, 's.tsv', ['S1']):\n"
        "    tables.write(out + '/t.parquet', schemas.MANIFEST, [])\n"
        "    files.write_json(out + '/x.json', {})\n"
        "    files.write_text(out + '/x.tsv', 'a')\n"
        "    audit.append(out, 'run started', {})\n"
        "with logged(out + '/logs/rule.log'):\n"
        "    open(out + '/made_by_a_library', 'w').close()\n"
    )
    done = python(code, str(tmp_path))
    assert done.returncode == 0, done.stderr
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert len(modes) == 8
    assert {name: oct(mode) for name, mode in modes.items() if mode not in (0o600, 0o640)} == {}
    assert stat.S_IMODE((tmp_path / "out" / "logs").stat().st_mode) == 0o750


def test_row_108_a_program_that_fails(tmp_path):
    fails = [sys.executable, "-c", "import sys; print('no space', file=sys.stderr); sys.exit(7)"]
    with pytest.raises(WorkflowInputError, match="cannot read it \\(no space\\)"):
        programs.run(fails, "a.bam")
    with pytest.raises(RuntimeError, match="exit status 7: no space"):
        processes.run(fails, tmp_path)
    with (
        pytest.raises(RuntimeError, match="exit status 7"),
        processes.reading(fails, tmp_path) as output,
    ):
        output.read()


def test_row_108_the_status_of_a_script_is_that_of_its_error(tmp_path):
    code = (
        "import sys\n"
        "from apothecary.errors import Problem, WorkflowInputError\n"
        "from apothecary.logs import logged\n"
        "with logged(sys.argv[1]):\n"
        "    raise WorkflowInputError(Problem('a.vcf', 'is cut', 'copy it', 3, 'POS'))\n"
    )
    done = python(code, str(tmp_path / "rule.log"))
    assert done.returncode == EXIT_INPUT
    assert done.stderr == "ERROR a.vcf, row 3, POS: is cut; copy it\n"
    assert (tmp_path / "rule.log").read_text() == done.stderr


@pytest.mark.parametrize("status", [1, 7, -signal.SIGTERM])
def test_row_108_the_launcher_ends_as_snakemake_does(status, capfd):
    ends = (
        f"import os, sys; os.kill(os.getpid(), {-status}) if {status} < 0 else sys.exit({status})"
    )
    child = progress.Child(environment=dict(os.environ), handles=())
    assert progress.follow([sys.executable, "-c", ends], child) == status
    capfd.readouterr()


@pytest.mark.parametrize("length", [8, 100, 1000])
def test_row_109_an_encrypted_file_is_refused_whole_changed_or_cut(tmp_path, length):
    """Nothing here reads or writes crypt4gh, so that a changed file is never taken for a whole."""
    path = tmp_path / "s1.vcf.gz.c4gh"
    path.write_bytes((b"crypt4gh" + bytes(range(256)) * 8)[:length])
    with pytest.raises(WorkflowInputError, match=r"an encrypted file \(crypt4gh\); give a VCF"):
        stream.container(str(path))


@pytest.mark.parametrize("row", [0, 1, 2])
def test_row_110_an_edited_line_of_the_audit_log(tmp_path, row):
    for number in range(3):
        audit.append(tmp_path, "run started", {"run_id": f"r{number}"})
    path = tmp_path / audit.LOG
    lines = path.read_text().splitlines()
    lines[row] = lines[row].replace(f'"r{row}"', '"r9"')
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(WorkflowInputError, match=f"row {row + 1}: the line was changed"):
        audit.verify(tmp_path)


def test_row_110_a_line_taken_out_of_the_audit_log(tmp_path):
    for number in range(3):
        audit.append(tmp_path, "run started", {"run_id": f"r{number}"})
    path = tmp_path / audit.LOG
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[2]]) + "\n")
    with pytest.raises(WorkflowInputError, match="a line before it"):
        audit.verify(tmp_path)

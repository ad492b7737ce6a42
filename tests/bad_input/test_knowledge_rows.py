"""Rows 91 to 100 of the list of bad input: knowledge that cannot be stood on."""

from __future__ import annotations

import ast
import pickle
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from apothecary import tables
from apothecary.errors import EXIT_RESOURCE, ResourceError, WorkflowInputError
from apothecary.knowledge import build, lock, pack
from apothecary.knowledge.schemas import PACK
from apothecary.reports.text import paragraphs
from apothecary.risk import installed, scoring_files

sys.path.append(str(Path(__file__).resolve().parents[1] / "knowledge"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "reports"))
sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[1] / "risk"))
import risk_builders
from knowledge_builders import Tables, small_tables, write_tables
from variant_builders import read_text, reason

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def small() -> Tables:
    return small_tables()


def refused(folder: Path, given: Tables) -> list[str]:
    """The problems for which a pack is not built; nothing of it stands."""
    source = write_tables(folder / "tsv", given)
    with pytest.raises(ResourceError) as caught:
        build.build(source, folder / "pack")
    assert caught.value.exit_status == EXIT_RESOURCE
    assert not (folder / "pack" / pack.CONTENTS).exists()
    lines = [problem.line() for problem in caught.value.problems]
    assert all("\n" not in line for line in lines)
    return [line.removeprefix(f"{source}/") for line in lines]


def locked(folder: Path, given: Tables) -> Path:
    """A folder with tables, the pack that they build, and the lock of both."""
    source = write_tables(folder / "tsv", given)
    lock.write(source, build.build(source, folder / "pack"), folder / "knowledge.lock")
    return folder


@pytest.mark.parametrize("name", ["pgx_alleles", "guidance", "sources"])
def test_row_91_a_table_that_differs_from_the_lock(tmp_path, small, name):
    place = locked(tmp_path, small)
    path = place / "tsv" / f"{name}.tsv"
    path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    with pytest.raises(ResourceError, match=rf"{name}\.tsv: differs from"):
        lock.verify_source(place / "tsv", place / "knowledge.lock")


def test_row_91_a_pack_that_differs_from_the_lock(tmp_path, small):
    place = locked(tmp_path, small)
    tables.write(place / "pack" / "guidance.parquet", PACK["guidance"], [])
    assert not lock.is_current(place / "pack", place / "knowledge.lock")
    with pytest.raises(ResourceError, match=r"guidance\.parquet: differs from"):
        lock.verify_pack(place / "pack", place / "knowledge.lock")


def test_row_92_knowledge_older_than_the_lock(tmp_path, small):
    place = locked(tmp_path, small)
    small["sources"][0]["released"] = "2020-01-01"
    build.build(write_tables(place / "old", small), place / "pack")
    with pytest.raises(ResourceError, match="the pack of 2020-01-01 is older than the lock of"):
        lock.verify_pack(place / "pack", place / "knowledge.lock")


def test_row_92_knowledge_past_its_review_has_a_banner(tmp_path, small):
    found = lock.read(locked(tmp_path, small) / "knowledge.lock")
    late = date.fromisoformat(found.review_by).replace(year=2099)
    assert lock.notices(found, date.fromisoformat(found.review_by)) == []
    assert "was to be reviewed by" in lock.notices(found, late)[0]


@pytest.mark.parametrize("licence", ["", "   "])
def test_row_93_a_source_without_licence(tmp_path, small, licence):
    small["sources"][0]["licence"] = licence
    assert refused(tmp_path, small)[0].startswith("sources.tsv, row 2, licence: ")


@pytest.mark.parametrize(
    "change", [{"action": "monitor"}, {"strength": "Optional"}, {"alternate_drug": False}]
)
def test_row_94_two_recommendations_that_contradict(tmp_path, small, change):
    small["guidance"].append({**small["guidance"][0], "guidance_id": "G2", **change})
    small["guidance_keys"].append({**small["guidance_keys"][0], "guidance_id": "G2"})
    assert "G2 contradicts row 2 on madeupine" in refused(tmp_path, small)[0]


def test_row_95_an_allele_by_an_unknown_position(tmp_path, small):
    small["pgx_allele_bases"][0]["position_id"] = "chr10:101:A"
    assert "is defined by chr10:101:A, which is no position" in refused(tmp_path, small)[0]


def test_row_95_an_allele_by_a_base_that_the_position_lacks(tmp_path, small):
    small["pgx_allele_bases"][0]["bases"] = "C"
    assert "the position has A and G, T" in refused(tmp_path, small)[0]


@pytest.mark.parametrize(
    "term", ["Poor metaboliser", "poor metabolizer", "PM", "Poor Metabolizer "]
)
def test_row_96_a_phenotype_that_is_no_term(tmp_path, small, term):
    small["pgx_phenotype_rules"][0]["phenotype"] = term
    assert any("is no phenotype term" in line for line in refused(tmp_path, small))


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<p>Use <b>half</b> of it<iframe src=//x></iframe></p>",
)


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("markup", MARKUP)
def test_row_97_markup_in_guidance_is_told_as_text(markup):
    from report_builders import RUN, germline_tables, pack, sample

    from apothecary.reports import html, model

    assert all("<" not in line for line in paragraphs(markup))
    rows = germline_tables()
    plain = Elements(html.render_sample(model.build_model(sample(), rows, pack(), RUN))).found
    for row in rows["recommendations"]:
        row["implication"] = row["drug"] = markup
    page = html.render_sample(model.build_model(sample(), rows, pack(), RUN))
    found = Elements(page).found
    assert sum(t == "script" for t, _ in found) == sum(t == "script" for t, _ in plain)
    assert not {tag for tag, _ in found} & {"iframe", "object", "embed"}
    assert not [a for _, attrs in found for a in attrs if a.startswith("on")]
    places = [attrs.get(name) or "" for _, attrs in found for name in ("href", "src", "action")]
    assert not [place for place in places if "javascript:" in place]


@pytest.mark.parametrize("stated", ["NR", "NCBI36", ""])
def test_row_98_a_score_whose_build_is_not_known(tmp_path, stated):
    path = risk_builders.write(tmp_path, [risk_builders.at(1000)], genome_build=stated)
    with pytest.raises(WorkflowInputError, match="harmonised to GRCh38 or GRCh37") as caught:
        installed.check({"scores": [path], "references": ""})
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("kind", ["diplotype", "haplotype", "interaction"])
def test_row_98_a_row_of_more_than_one_variant(tmp_path, kind):
    path = risk_builders.write(tmp_path, [risk_builders.at(1000, **{f"is_{kind}": "TRUE"})])
    with pytest.raises(WorkflowInputError, match=rf"row 11, is_{kind}: .* risk\.leave_out"):
        scoring_files.load(path, leave_out=False)
    told = risk_builders.of_records(tmp_path, [GENOTYPE, *AROUND], ROWS[kind], leave_out=True)
    assert (told["score"], told["excluded"]) == (1, [f"{kind}=1"])


ROWS = {
    kind: [
        *(risk_builders.at(pos, effect_weight="0.5") for pos in (1000, 1010, 1020)),
        risk_builders.at(2000, **{f"is_{kind}": "TRUE", "effect_weight": "0"}),
    ]
    for kind in ("diplotype", "haplotype", "interaction")
}
GENOTYPE = risk_builders.record(1000, "A", "G", "1/1")
AROUND = [risk_builders.record(pos, "A", "G", "0/0") for pos in (1010, 1020)]


@pytest.mark.parametrize(
    ("cells", "genotype", "score"),
    [
        ({"is_dominant": "TRUE"}, "0/1", 1),
        ({"is_dominant": "TRUE"}, "1/1", 1),
        ({"is_recessive": "TRUE"}, "0/1", 0),
        ({"is_recessive": "TRUE"}, "1/1", 1),
    ],
)
def test_row_98_dominance_and_recessiveness_are_weighed(tmp_path, cells, genotype, score):
    row = risk_builders.at(1000, effect_weight="1", **cells)
    records = [risk_builders.record(1000, "A", "G", genotype)]
    assert risk_builders.of_records(tmp_path, records, [row])["score"] == score


@pytest.mark.parametrize(
    ("cells", "alts", "reason"),
    [
        ({"other_allele": ""}, "G,T", "other_allele_unknown"),
        ({"effect_allele": "T", "other_allele": "A"}, "T", "palindromic"),
        ({"effect_allele": "T", "other_allele": ""}, "T", "palindromic"),
    ],
)
def test_row_98_alleles_that_are_not_certain_are_not_summed(tmp_path, cells, alts, reason):
    records = [risk_builders.record(1000, "A", alts, "0/1")]
    row = risk_builders.of_records(tmp_path, records, [risk_builders.at(1000, **cells)])
    assert (row["status"], row["guard"], row["excluded"]) == (
        "not_given",
        "coverage",
        [f"{reason}=1"],
    )


def sources() -> list[Path]:
    """Every Python file of the project but the tests."""
    return [
        path
        for folder in ("scripts", "workflow", "resources", "benchmarks")
        for path in (REPOSITORY / folder).rglob("*.py")
    ]


def loads_objects(text: str) -> list[str]:
    """What of a source text may turn bytes into code: loaders of objects, eval, and shells."""
    found = []
    banned = {"pickle", "cPickle", "_pickle", "joblib", "shelve", "marshal", "dill", "cloudpickle"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in banned]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in banned:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            found += _called(node)
    return found


def _called(node: ast.Call) -> list[str]:
    name = ast.unparse(node.func)
    if name in ("eval", "exec", "os.system", "os.popen", "subprocess.getoutput"):
        return [name]
    if name in ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"):
        return [name]
    if name.endswith(("read_pickle", "to_pickle")):
        return [name]
    words = {word.arg: word.value for word in node.keywords}
    if name in ("np.load", "numpy.load") and "allow_pickle" in words:
        return [name]
    shell = words.get("shell")
    if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
        return [f"{name}(shell=...)"]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from joblib import load",
        "yaml.load(x)",
        "subprocess.run(x, shell=True)",
        "pd.read_pickle(x)",
        "eval(x)",
    ],
)
def test_row_99_a_loader_of_objects_would_be_found(text):
    assert loads_objects(text)


def test_row_99_nothing_loads_objects_and_no_shell_is_given_a_value():
    assert len(sources()) > 300
    assert {
        path.relative_to(REPOSITORY).as_posix(): found
        for path in sources()
        if (found := loads_objects(path.read_text(encoding="utf-8")))
    } == {}


def test_row_99_a_pickle_is_no_input_and_is_not_opened(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "pwned",))

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        said = reason(read_text(tmp_path, pickle.dumps(Bomb(), protocol)))
        assert said.startswith(str(tmp_path))
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("kept", [0, 3, 20, 200, -1, -8, -100])
def test_row_100_a_cut_table(tmp_path, small, kept):
    path = tmp_path / "samples.parquet"
    tables.write(path, PACK["pgx_alleles"], small["pgx_alleles"])
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    with pytest.raises(ResourceError, match=r"samples\.parquet"):
        tables.read_rows(path, PACK["pgx_alleles"])


def test_row_100_a_cut_table_of_the_pack(tmp_path, small):
    place = locked(tmp_path, small)
    path = place / "pack" / "pgx_alleles.parquet"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ResourceError, match=r"pgx_alleles\.parquet: differs from"):
        pack.load(place / "pack").rows("pgx_alleles")

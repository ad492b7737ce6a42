"""Rows 71 to 90 of the list of bad input: sheets, configuration and clinical facts."""

from __future__ import annotations

import os
import random
import sys
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from apothecary import pairing, plan, samples, selection, settings, sheets
from apothecary.errors import WorkflowInputError
from apothecary.execution import ownership
from apothecary.input_files import InputPolicy
from apothecary.qc import relatedness, sex
from apothecary.reports import exports
from apothecary.samples import SheetPaths
from apothecary.trials import documents

sys.path.append(str(Path(__file__).resolve().parents[1] / "reports"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "qc"))

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "workflow" / "schemas"
COLUMNS = ("sample_id", "subject_id", "role", "assay", "sex", "tumor_type", "input", "format")
GOOD = {
    "sample_id": "S1",
    "subject_id": "P1",
    "role": "germline",
    "assay": "genome",
    "input": "s1.vcf",
    "format": "vcf",
}
FORMULAS = ("=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "@SUM(A1)", "+1", "-2", "\t=1", "\r=1")


def load(folder: Path, rows: list[dict[str, str]], **more: str) -> samples.Sheets:
    """Load a sample sheet of rows, beside other sheets given as text."""
    for name in ("s1.vcf", "s2.vcf"):
        (folder / name).write_text("##fileformat=VCFv4.2\n")
    lines = ["\t".join(COLUMNS), *("\t".join(row.get(c, "") for c in COLUMNS) for row in rows)]
    (folder / "samples.tsv").write_bytes(("\n".join(lines) + "\n").encode())
    for name, text in more.items():
        (folder / f"{name}.tsv").write_text(text)
    paths = SheetPaths(
        samples=folder / "samples.tsv",
        clinical=folder / "clinical.tsv" if "clinical" in more else None,
        consent=None,
        schemas=SCHEMAS,
        clinical_items=REPOSITORY / "resources" / "clinical_items.tsv",
    )
    return samples.load(paths, 25, frozenset({"COAD"}), InputPolicy())


def told(folder: Path, rows: list[dict[str, str]], **more: str) -> list[str]:
    """The problems of a sheet, each one line that names the file."""
    with pytest.raises(WorkflowInputError) as caught:
        load(folder, rows, **more)
    assert caught.value.exit_status == 2
    lines = [problem.line() for problem in caught.value.problems]
    assert all("\n" not in line and line.startswith(str(folder)) for line in lines)
    return [line.removeprefix(f"{folder}/") for line in lines]


def refused_id(folder: Path, name: str) -> None:
    """A name is refused as sample, as subject and as batch, with row and field."""
    for column in ("sample_id", "subject_id"):
        lines = told(folder, [{**GOOD, column: name}])
        assert any(line.startswith(f"samples.tsv, row 2, {column}: ") for line in lines), lines


def config_told(folder: Path, text: str) -> str:
    """The words of the problems of a configuration."""
    (folder / "config.yaml").write_text(text)
    schema = sheets.load_schema(SCHEMAS / "config.schema.yaml")
    with pytest.raises(WorkflowInputError) as caught:
        settings.check(settings.read(folder / "config.yaml"), schema, "config.yaml")
    return str(caught.value)


def test_row_71_a_shell_command_as_name(tmp_path):
    refused_id(tmp_path, "ok;touch pwned;#x")


def test_row_72_a_command_substitution_as_name(tmp_path):
    refused_id(tmp_path, "$(touch x)")
    refused_id(tmp_path, "`touch x`")


@pytest.mark.parametrize("name", ["../../x", "..", ".", "a/b", "a\\b", "/etc/passwd"])
def test_row_73_a_path_as_name(tmp_path, name):
    refused_id(tmp_path, name)


@pytest.mark.parametrize("name", ["-rf", "--help", "_x", ".hidden"])
def test_row_74_a_leading_dash(tmp_path, name):
    refused_id(tmp_path, name)


@pytest.mark.parametrize("name", ["a b", "a'b", 'a"b', "{x}", "{sample}", "a\vb", "a\u00a0b", "a "])
def test_row_75_space_quote_and_brace(tmp_path, name):
    refused_id(tmp_path, name)


@pytest.mark.parametrize("inserted", ["\t", "\n"])
def test_row_75_tab_and_newline_break_the_row(tmp_path, inserted):
    assert any("cells" in line for line in told(tmp_path, [{**GOOD, "sample_id": f"a{inserted}b"}]))


@pytest.mark.parametrize("name", ["S\u0430mple", "S1\u202e", "\u200bS1", "Ｓ1", "S\u0661"])
def test_row_76_letters_that_look_like_others(tmp_path, name):
    refused_id(tmp_path, name)


def test_row_76_two_spellings_of_one_letter(tmp_path):
    both = [unicodedata.normalize(form, "S\u00e9") for form in ("NFC", "NFD")]
    rows = [{**GOOD, "sample_id": both[0]}, {**GOOD, "sample_id": both[1], "input": "s2.vcf"}]
    lines = told(tmp_path, rows)
    assert {line.split(": ")[0] for line in lines} >= {
        "samples.tsv, row 2, sample_id",
        "samples.tsv, row 3, sample_id",
    }


def test_row_77_names_that_differ_in_case(tmp_path):
    rows = [GOOD, {**GOOD, "sample_id": "s1", "subject_id": "P2", "input": "s2.vcf"}]
    assert told(tmp_path, rows) == [
        "samples.tsv, row 3, sample_id: 's1' differs from 'S1' of row 2 in case only; "
        "give each its own name"
    ]
    rows = [GOOD, {**GOOD, "sample_id": "S2", "subject_id": "p1", "input": "s2.vcf"}]
    assert "subject_id: 'p1' differs from 'P1' in case only" in told(tmp_path, rows)[0]


@pytest.mark.parametrize("name", ["x" * 200, "x" * 65, "CON", "con", "nul.vcf", "COM1", "LPT9.txt"])
def test_row_78_long_and_reserved_names(tmp_path, name):
    refused_id(tmp_path, name)


def test_row_78_64_characters_are_taken(tmp_path):
    assert load(tmp_path, [{**GOOD, "sample_id": "x" * 64}]).samples[0]["sample_id"] == "x" * 64


@pytest.mark.parametrize("name", ["<img onerror=alert(1)>", "<script>", "a&b", "javascript:x"])
def test_row_79_markup_as_name(tmp_path, name):
    refused_id(tmp_path, name)


@pytest.mark.parametrize("name", FORMULAS)
def test_row_80_a_formula_as_name(tmp_path, name):
    if name[0] not in "\t\r":
        refused_id(tmp_path, name)
    else:
        told(tmp_path, [{**GOOD, "sample_id": name}])


@pytest.mark.parametrize("text", FORMULAS)
def test_row_80_a_formula_in_an_export_is_text(tmp_path, text):
    from report_builders import RUN, germline_tables, pack, sample

    from apothecary.reports import model
    from apothecary.reports.sections import SECTIONS

    tables = germline_tables()
    for row in tables["recommendations"]:
        row["implications"] = [text] if isinstance(row.get("implications"), list) else text
        row["drug"] = text
    made = model.build_model(sample(), tables, pack(), RUN)
    exports.write_xlsx(tmp_path / "x.xlsx", made)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "x.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    section = next(s for s in SECTIONS if s.name == "recommendations")
    lines = exports.tsv(section, made).splitlines()[2:]
    dangerous = ("=", "+", "-", "@", "\t", "\r")
    texts = [cell for line in lines for cell in line.split("\t") if not _is_number(cell)]
    assert any(cell.lstrip("'") for cell in texts)
    assert not [cell for cell in texts if cell.startswith(dangerous)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the sheet is empty"),
        (b"sample_id;subject_id;role\nS1;P1;germline\n", "a header separated by ; or ,"),
        (b"\xef\xbb\xbfsample_id\trole\n", "a byte-order mark"),
        (b"sample_id\tsample_id\trole\n", "column 'sample_id' twice"),
        (b"sample_id\trole\nS1\tgermline\n", "no column 'subject_id'"),
        (b"sample_id\tsubject_id\trole\tassay\tinput\tformat\tgenes\n", "unknown column 'genes'"),
        (b"sample_id\tsubject_id\trole\tassay\tinput\tformat\nS1\tP1\n", "2 cells"),
    ],
)
def test_row_81_a_sheet_of_another_form(tmp_path, raw, words):
    (tmp_path / "samples.tsv").write_bytes(raw)
    with pytest.raises(WorkflowInputError) as caught:
        sheets.read(tmp_path / "samples.tsv", sheets.load_schema(SCHEMAS / "samples.schema.yaml"))
    lines = [problem.line() for problem in caught.value.problems]
    assert any(words in line for line in lines)
    assert all(line.startswith(str(tmp_path / "samples.tsv")) for line in lines)


def test_row_82_a_normal_is_that_of_the_same_person(tmp_path):
    tumor = {**GOOD, "sample_id": "T1", "role": "tumor", "tumor_type": "COAD"}
    other = {**GOOD, "sample_id": "N2", "subject_id": "P2", "role": "normal", "input": "s2.vcf"}
    rows = load(tmp_path, [tumor, other]).samples
    assert selection.normal_of(rows, rows[0]) is None
    assert selection.normals_of(rows) == {"P2": rows[1]}
    own = load(tmp_path, [tumor, {**other, "subject_id": "P1"}]).samples
    assert selection.normal_of(own, own[0]) == own[1]


def test_row_82_a_tumor_without_its_normal_is_told_in_one_line(tmp_path):
    tumor = {**GOOD, "sample_id": "T1", "role": "tumor", "tumor_type": "COAD"}
    other = {**GOOD, "sample_id": "N2", "subject_id": "P2", "role": "normal", "input": "s2.vcf"}
    alone = load(tmp_path, [tumor]).samples
    assert pairing.note(alone, "s.tsv") == (
        "s.tsv: tumors without a normal of the same subject_id: T1 of P1, taken alone, so that "
        "what is germline is told by probability only"
    )
    strange = load(tmp_path, [tumor, other]).samples
    line = pairing.note(strange, "s.tsv")
    assert line is not None
    assert "T1 of P1" in line
    assert "normals without a tumor of the same subject_id: N2 of P2" in line
    assert line.endswith("give both the same subject_id")
    own = load(tmp_path, [tumor, {**other, "subject_id": "P1"}]).samples
    assert pairing.note(own, "s.tsv") is None


def test_row_82_a_normal_of_another_person_is_told_from_its_genotypes():

    from identity_builders import SETTINGS, person, prints

    drawn = random.Random(7)
    limits = relatedness.Settings.from_config(SETTINGS)
    own = person(drawn)
    same, strange = prints(own, drawn=drawn), prints(person(drawn), drawn=drawn)
    tumor = prints(own, drawn=drawn, role="tumor")

    def judged(normal):
        return relatedness.judge(relatedness.compare(tumor, normal, limits), "same", limits)

    assert judged(same) == ("pass", None)
    status, reason = judged(strange)
    assert status == "fail"
    assert reason


@pytest.mark.parametrize("value", ["Z", "male", "f", "1"])
def test_row_83_no_sex(tmp_path, value):
    assert told(tmp_path, [{**GOOD, "sex": value}]) == [
        f"samples.tsv, row 2, sex: {value!r}; F, M or unknown"
    ]


def test_row_83_two_sexes_of_one_person(tmp_path):
    rows = [{**GOOD, "sex": "F"}, {**GOOD, "sample_id": "S2", "sex": "M", "input": "s2.vcf"}]
    assert "'M', but row 2 gives 'F' for the same subject" in told(tmp_path, rows)[0]


def test_row_83_a_sex_that_the_reads_contradict():
    config = settings.check(
        {"samples": "x"}, sheets.load_schema(SCHEMAS / "config.schema.yaml"), "config"
    )
    found = sex.infer((1.0, 0.0), [], config["qc"]["identity"])
    assert found.inferred == "F"
    assert config["qc"]["identity"]["sex_mismatch"]["germline"] == "fail"


@pytest.mark.parametrize(
    ("item", "value", "unit", "words"),
    [
        ("age_years", "650", "years", "a number from 0 to 130 years"),
        ("age_years", "-1", "years", "a number from 0 to 130 years"),
        ("weight_kg", "150", "lb", "weight_kg is in kg"),
        ("height_cm", "1.7", "m", "a number from 20 to 280 cm"),
        ("target_inr", "25", "", "a number from 0.5 to 6"),
        ("weight_kg", "nan", "kg", "a number from 0.2 to 650 kg"),
        ("weight_kg", "inf", "kg", "a number from 0.2 to 650 kg"),
        ("weight_kg", "80,5", "kg", "a number from 0.2 to 650 kg"),
        ("systolic_mmhg", "12", "mmHg", "known are:"),
    ],
)
def test_row_84_clinical_values_out_of_range(tmp_path, item, value, unit, words):
    sheet = f"subject_id\titem\tvalue\tunit\nP1\t{item}\t{value}\t{unit}\n"
    lines = told(tmp_path, [GOOD], clinical=sheet)
    assert any(line.startswith("clinical.tsv, row 2") and words in line for line in lines)


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system", "!x 1"]
)
def test_row_85_a_tag_in_yaml(tmp_path, tag):
    assert "config.yaml, row 1: could not determine a constructor" in config_told(
        tmp_path, f"samples: {tag}\n"
    )


def test_row_86_aliases_and_keys_twice(tmp_path):
    assert "row 2: an alias" in config_told(tmp_path, "samples: &a x\nconsent: *a\n")
    assert "row 2: key 'samples' twice" in config_told(tmp_path, "samples: a\nsamples: b\n")


def bomb() -> str:
    """Ten lines of ten aliases each, which would be ten thousand million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 11):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    return "\n".join(lines) + "\n"


def test_row_86_an_alias_bomb(tmp_path):
    assert "an alias" in config_told(tmp_path, bomb())
    (tmp_path / "trials.yaml").write_text(bomb())
    with pytest.raises(WorkflowInputError, match="values with its aliases written out"):
        documents.read([str(tmp_path / "trials.yaml")])


def test_row_86_no_as_a_name_stays_text(tmp_path):
    rows = [
        {**GOOD, "sample_id": name, "input": f"s{n}.vcf"} for n, name in enumerate(("no", "1e5"), 1)
    ]
    assert [row["sample_id"] for row in load(tmp_path, rows).samples] == ["no", "1e5"]
    assert "config.yaml, samples: False" in config_told(tmp_path, "samples: no\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("variants: {thresholds: {tumor: {default: {min_vaf: -0.1}}}}", "min_vaf: -0.1"),
        ("variants: {thresholds: {tumor: {default: {min_vaf: .nan}}}}", "min_vaf: nan; a finite"),
        ("qc: {identity: {min_posterior: .inf}}", "min_posterior: inf"),
        ("qc: {identity: {min_depth: 300}}", "min_depth: 300, above max_depth, which is 200"),
        ("biomarkers: {msi_reads: {min_length: 40}}", "min_length: 40, above max_length"),
        (
            "qc: {thresholds: {tumor: {panel: {total_reads: {warn_below: 1, fail_below: 2}}}}}",
            "fail_below: 2, above warn_below, which is 1",
        ),
        ("oncogenicity: {revel_benign: 0.9}", "revel_benign: 0.9, above revel_damaging"),
        ("batch_size: 0", "batch_size: 0"),
    ],
)
def test_row_87_numbers_that_cannot_be_meant(tmp_path, text, words):
    assert words in config_told(tmp_path, f"samples: x\n{text}\n")


def test_row_88_an_unknown_key(tmp_path):
    assert "unknown key 'sampels'; did you mean 'samples'?" in config_told(tmp_path, "sampels: x\n")
    text = "samples: x\nvariants: {thresholds: {tumour: {}}}\n"
    assert "did you mean 'tumor'?" in config_told(tmp_path, text)


def test_row_89_links_devices_pipes_and_folders(tmp_path):
    folder = tmp_path / "sheets"
    folder.mkdir()
    (tmp_path / "outside.vcf").write_text("x")
    (folder / "link.vcf").symlink_to(tmp_path / "outside.vcf")
    (folder / "chain.vcf").symlink_to(folder / "link.vcf")
    (folder / "gone.vcf").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe.vcf")
    (folder / "folder.vcf").mkdir()
    names = ["link.vcf", "chain.vcf", "gone.vcf", "pipe.vcf", "folder.vcf", "/dev/zero"]
    rows = [{**GOOD, "sample_id": f"S{n}", "input": name} for n, name in enumerate(names)]
    assert [line.split("' ")[1].split(" (")[0].split(";")[0] for line in told(folder, rows)] == [
        "is a symbolic link out of its folder",
        "is a symbolic link out of its folder",
        "does not exist",
        "is not a regular file",
        "is not a regular file",
        "is not a regular file",
    ]


def test_row_89_a_sheet_that_is_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "samples.tsv")
    with pytest.raises(WorkflowInputError, match="not a regular file"):
        sheets.read(tmp_path / "samples.tsv", sheets.load_schema(SCHEMAS / "samples.schema.yaml"))


def test_row_90_results_of_another_run(tmp_path):
    from run_builder import RunBuilder

    out = tmp_path / "out"
    RunBuilder().sample("OTHER").write(out)
    before = sorted(out.rglob("*"))
    with (
        pytest.raises(WorkflowInputError, match=r"of another run \(with sample OTHER\).*--force"),
        ownership.claimed(out, tmp_path / "samples.tsv", ["S1"]),
    ):
        pytest.fail("taken")
    assert sorted(out.rglob("*")) == before
    with ownership.claimed(out, tmp_path / "samples.tsv", ["S1"], force=True) as claim:
        assert claim.died is None


@pytest.mark.parametrize("name", ["1980-01-31", "123-45-6789"])
def test_a_name_that_looks_personal(tmp_path, name):
    lines = told(tmp_path, [{**GOOD, "subject_id": name}])
    assert "inputs.personal_ids" in lines[0]
    assert plan.InputPolicy(personal_ids=()).personal_ids == ()

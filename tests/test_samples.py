from __future__ import annotations

from pathlib import Path

import pytest

from apothecary import samples
from apothecary.errors import WorkflowInputError
from apothecary.samples import InputPolicy, SheetPaths

HEADER = [
    *("sample_id", "subject_id", "role", "assay", "sex", "tumor_type", "input", "index"),
    *("format", "build", "batch", "sample_in_file", "outside_calls", "copy_number", "fusions"),
]
GOOD = {
    "sample_id": "S1",
    "subject_id": "P1",
    "role": "germline",
    "assay": "genome",
    "input": "s1.vcf",
    "format": "vcf",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s1.vcf").write_text("##fileformat=VCFv4.2\n")
    (tmp_path / "s2.vcf").write_text("##fileformat=VCFv4.2\n")
    return tmp_path


def sheet(header: list[str], rows: list[dict[str, str]]) -> str:
    lines = ["\t".join(header)] + ["\t".join(r.get(c, "") for c in header) for r in rows]
    return "\n".join(lines) + "\n"


def load(folder: Path, repository: Path, **sheets: str) -> samples.Sheets:
    for name, text in sheets.items():
        (folder / f"{name}.tsv").write_bytes(
            text if isinstance(text, bytes) else text.encode("utf-8")
        )
    paths = SheetPaths(
        samples=folder / "samples.tsv",
        clinical=folder / "clinical.tsv" if "clinical" in sheets else None,
        consent=folder / "consent.tsv" if "consent" in sheets else None,
        schemas=repository / "workflow" / "schemas",
        clinical_items=repository / "resources" / "clinical_items.tsv",
    )
    return samples.load(paths, 2, frozenset({"COAD", "SKCM"}), InputPolicy())


def problems(folder: Path, repository: Path, **sheets: str) -> list[str]:
    with pytest.raises(WorkflowInputError) as caught:
        load(folder, repository, **sheets)
    return [problem.line().replace(str(folder) + "/", "") for problem in caught.value.problems]


def test_a_good_sheet_is_filled_with_what_it_leaves_out(folder, repository):
    loaded = load(folder, repository, samples=sheet(HEADER, [GOOD]))
    (row,) = loaded.samples
    assert (row["sex"], row["build"], row["batch"]) == ("unknown", "auto", "batch0001")
    assert (row["sample_in_file"], row["row"]) == ("S1", 2)


def test_a_subject_is_not_its_own_parent(folder, repository):
    row = {**GOOD, "father": "P1", "mother": "P2"}
    found = problems(folder, repository, samples=sheet([*HEADER, "father", "mother"], [row]))
    assert found == ["samples.tsv, row 2, father: 'P1' is the subject itself; another subject"]


@pytest.mark.parametrize(
    "name",
    [
        "ok;touch pwned;#x",
        "$(touch x)",
        "../../x",
        "-rf",
        "a b",
        "a'b",
        "{x}",
        "S\u0430",
        "x" * 65,
        "CON",
        "nul.vcf",
        "<img onerror=x>",
        "=cmd|' /C calc'!A0",
        "+1",
        "@SUM",
        ".",
    ],
)
def test_names_that_could_do_harm_are_refused(folder, repository, name):
    told = problems(folder, repository, samples=sheet(HEADER, [{**GOOD, "sample_id": name}]))
    assert any("row 2, sample_id" in line for line in told)


def test_every_problem_of_every_sheet_is_told_at_once(folder, repository):
    told = problems(
        folder,
        repository,
        samples=sheet(
            HEADER,
            [
                {**GOOD, "sex": "Z"},
                {**GOOD, "sample_id": "s1", "input": "s2.vcf"},
                {**GOOD, "sample_id": "T1", "role": "tumor", "input": "gone.vcf"},
                {
                    **GOOD,
                    "sample_id": "T2",
                    "role": "tumor",
                    "tumor_type": "NOPE",
                    "input": "s2.vcf",
                },
            ],
        ),
        clinical=(
            "subject_id\titem\tvalue\tunit\n"
            "P1\tage_years\t650\tyears\nP1\tweight_kg\t150\tlb\nP9\tmedicine\taspirin\t\n"
            "P1\theight_cm\t1.7\tm\nP1\tmood\tgood\t\n"
        ),
        consent="subject_id\tscope\tdecision\nP1\tpharmacogenes\tmaybe\n",
    )
    assert told == [
        "samples.tsv, row 2, sex: 'Z'; F, M or unknown",
        "samples.tsv, row 3, sample_id: 's1' differs from 'S1' of row 2 in case only; "
        "give each its own name",
        "samples.tsv, row 4, tumor_type: no tumor type; give the OncoTree code of the tumor",
        "samples.tsv, row 4, input: 'gone.vcf' does not exist; give the path of a regular file, "
        "relative to the sheet or absolute",
        "samples.tsv, row 5, tumor_type: 'NOPE'; not a code of OncoTree",
        "clinical.tsv, row 2, value: '650'; a number from 0 to 130 years",
        "clinical.tsv, row 3, unit: 'lb'; weight_kg is in kg",
        "clinical.tsv, row 4, subject_id: 'P9'; not a subject of the sample sheet",
        "clinical.tsv, row 5, value: '1.7'; a number from 20 to 280 cm",
        "clinical.tsv, row 5, unit: 'm'; height_cm is in cm",
        "clinical.tsv, row 6, item: 'mood'; known are: medicine, age_years, weight_kg, height_cm, "
        "ancestry, diagnosis, smoker, target_inr, venous_thrombosis, race, "
        "ecog, tmb_per_megabase, ms_status, mmr_status, her2_status, er_status, pr_status, "
        "country",
        "consent.tsv, row 2, decision: 'maybe'; yes, no or unknown",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "samples.tsv: the sheet is empty; a header line is needed"),
        ("sample_id;subject_id;role\n", "samples.tsv, row 1: a header separated by ; or ,"),
        ("\ufeffsample_id\trole\n", "samples.tsv, row 1: a byte-order mark"),
        (b"sample_id\trole\nS\xe9\tx\n", "samples.tsv, row 2: byte 0xe9 is not UTF-8"),
        ("sample_id\tsample_id\trole\n", "samples.tsv, row 1: column 'sample_id' twice"),
        (sheet([*HEADER, "genes"], [GOOD]), "samples.tsv, row 1: unknown column 'genes'"),
        (sheet(HEADER[1:], [GOOD]), "samples.tsv, row 1: no column 'sample_id'"),
        ("\t".join(HEADER) + "\nS1\tP1\n", "samples.tsv, row 2: 2 cells"),
        ("\t".join(HEADER) + "\n", "samples.tsv: no sample"),
    ],
)
def test_a_sheet_of_another_form_is_named(folder, repository, text, told):
    assert any(line.startswith(told) for line in problems(folder, repository, samples=text))


def test_symlinks_devices_and_folders_are_no_inputs(folder, repository, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.vcf"
    outside.write_text("##fileformat=VCFv4.2\n")
    (folder / "link.vcf").symlink_to(outside)
    (folder / "folder.vcf").mkdir()
    rows = [
        {**GOOD, "sample_id": f"S{n}", "input": name}
        for n, name in enumerate(["link.vcf", "folder.vcf", "/dev/null"])
    ]
    told = problems(folder, repository, samples=sheet(HEADER, rows))
    assert [line.split("; ")[0].split("' ")[1] for line in told] == [
        "is a symbolic link out of its folder (inputs.symlinks in the config allows it)",
        "is not a regular file",
        "is not a regular file",
    ]


def test_appending_a_sample_re_deals_no_full_batch(folder, repository):
    def dealt(n: int) -> dict[str, list[str]]:
        for i in range(n):
            (folder / f"{i}.vcf").write_text("x")
        rows = [{**GOOD, "sample_id": f"S{i}", "input": f"{i}.vcf"} for i in range(n)]
        return samples.batches(load(folder, repository, samples=sheet(HEADER, rows)).samples)

    assert dealt(4) == {"batch0001": ["S0", "S1"], "batch0002": ["S2", "S3"]}
    assert dealt(5) == {**dealt(4), "batch0003": ["S4"]}


def test_reads_are_of_one_germline_sample(folder, repository):
    (folder / "s1.bam").write_bytes(b"BAM")
    header = [*HEADER, "reads"]
    first = {**GOOD, "reads": "s1.bam"}
    (row,) = load(folder, repository, samples=sheet(header, [first])).samples
    assert row["reads"] == "s1.bam"
    second = {**GOOD, "sample_id": "S2", "input": "s2.vcf", "reads": "s1.bam"}
    tumor = {**second, "sample_id": "S3", "role": "tumor", "tumor_type": "COAD", "reads": "no.bam"}
    found = problems(folder, repository, samples=sheet(header, [first, second, tumor]))
    assert found[0] == (
        "samples.tsv, row 3, reads: 's1.bam' are the reads of sample 'S1' of row 2; "
        "give the reads of one sample"
    )
    assert "samples.tsv, row 4, reads: 'no.bam'; only for role germline or normal" in found
    assert any(
        line.startswith("samples.tsv, row 4, reads: 'no.bam' does not exist") for line in found
    )

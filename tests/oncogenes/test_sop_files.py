"""A user's files of predictions, frequencies and evidence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oncogene_builders import consequence, variant
from sop_builders import PROCEDURE, classify, load, pack

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import oncogenicity
from apothecary.oncogenes.sop import predictions, score_files, user_evidence
from apothecary.oncogenes.sop.settings import Settings

PLACE = ("chr7", 140753336, "A", "T")
AM_CLASSES = predictions.fields(PROCEDURE["predictors"])["am_class"]
AM_HEAD = (
    "# Copyright line\n#CHROM\tPOS\tREF\tALT\tgenome\tuniprot_id\ttranscript_id\tprotein_variant\t"
    "am_pathogenicity\tam_class\n"
)


def am_line(pos: int = 140753336, am_class: str = "likely_pathogenic", build: str = "hg38") -> str:
    return f"chr7\t{pos}\tA\tT\t{build}\tP1\tENST1.1\tV600E\t0.99\t{am_class}\n"


def write(folder: Path, text: str, name: str = "scores.tsv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["scores.tsv", "scores.tsv.gz"])
def test_alphamissense_gives_only_the_variants_asked_for(tmp_path, name):
    text = AM_HEAD + am_line(1) + am_line(am_class="ambiguous") + am_line() + am_line(2)
    found = score_files.alphamissense(write(tmp_path, text, name), {PLACE}, AM_CLASSES)
    assert {place: one.call for place, one in found.items()} == {PLACE: "damaging"}


def test_revel_takes_the_greatest_score_and_passes_over_places_that_grch38_has_not(tmp_path):
    text = (
        "chr,hg19_pos,grch38_pos,ref,alt,aaref,aaalt,REVEL,Ensembl_transcriptid\n"
        "7,140453136,140753336,A,T,V,E,0.4,ENST1\n"
        "7,140453136,140753336,A,T,V,E,0.93,ENST2\n"
        "7,140453137,.,A,T,V,E,0.9,ENST2\n"
    )
    found = score_files.revel(write(tmp_path, text, "revel.csv"), {PLACE}, Settings())
    assert (found[PLACE].call, found[PLACE].text) == ("damaging", "0.93")
    assert len(found) == 1


def test_spliceai_takes_the_greatest_delta_of_all_genes(tmp_path):
    text = (
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "7\t140753336\t.\tA\tT\t.\t.\tDP=3;SpliceAI=T|A|0.1|0|0|0|1|2|3|4,T|B|0|.|0.8|0|1|2|3|4\n"
        "7\t140753337\t.\tA\tT\t.\t.\tSpliceAI=T|A|1|1|1|1|1|2|3|4\n"
    )
    found = score_files.spliceai(write(tmp_path, text, "s.vcf"), {PLACE}, Settings())
    assert {place: (one.call, one.text) for place, one in found.items()} == {
        PLACE: ("damaging", "0.8")
    }


def test_frequencies(tmp_path):
    text = "chrom\tpos\tref\talt\tfrequency\n7\t140753336\tA\tT\t0.02\nchr7\t1\tA\tT\t0.5\n"
    assert score_files.frequencies(write(tmp_path, text), {PLACE}) == {PLACE: 0.02}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "scores.tsv: the file is empty; the columns chrom, pos, ref, alt, frequency are"),
        ("chrom\tpos\tref\talt\n", "row 1: no column frequency; a table with the columns"),
        ("chrom\tpos\tref\talt\tfrequency\n7\t1\tA\tT\n", "row 2: 4 fields; 5 fields are needed"),
        ("chrom\tpos\tref\talt\tfrequency\n7\tx\tA\tT\t0\n", "row 2, pos: 'x'; a position is"),
        (
            "chrom\tpos\tref\talt\tfrequency\n7\t140753336\tA\tT\t1.5\n",
            "row 2, frequency: '1.5'; a number between 0 and 1 is needed",
        ),
        (
            "chrom\tpos\tref\talt\tfrequency\n7\t140753336\tA\tT\tnan\n",
            "row 2, frequency: 'nan'; a number between 0 and 1 is needed",
        ),
    ],
)
def test_a_faulty_table_is_told_in_one_line(tmp_path, text, message):
    with pytest.raises(WorkflowInputError) as caught:
        score_files.frequencies(write(tmp_path, text), {PLACE})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_faults_of_score_files(tmp_path):
    with pytest.raises(WorkflowInputError, match=r"row 3, genome: 'hg19'; hg38 is needed"):
        score_files.alphamissense(
            write(tmp_path, AM_HEAD + am_line(build="hg19")), {PLACE}, AM_CLASSES
        )
    vcf = (
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "7\t140753336\t.\tA\tT\t.\t.\tSpliceAI=T|A|0.1\n"
    )
    with pytest.raises(WorkflowInputError, match=r"row 2, INFO: 'T\|A\|0\.1'; ALLELE\|SYMBOL"):
        score_files.spliceai(write(tmp_path, vcf), {PLACE}, Settings())
    with pytest.raises(WorkflowInputError, match=r"absent\.tsv: cannot be read"):
        score_files.frequencies(tmp_path / "absent.tsv", {PLACE})
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(gzip.compress(b"chrom\tpos\tref\talt\tfrequency\n" * 999)[:40])
    with pytest.raises(WorkflowInputError, match=r"cut\.tsv\.gz: cannot be read"):
        score_files.frequencies(cut, {PLACE})


PLACES = st.tuples(
    st.sampled_from(["chr1", "chr7", "chrX"]),
    st.integers(1, 10**8),
    st.sampled_from(["A", "CT"]),
    st.sampled_from(["G", "TT"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.dictionaries(PLACES, st.floats(0, 1), max_size=20),
    asked=st.sets(PLACES, max_size=5),
)
def test_what_is_written_is_read(tmp_path, table, asked):
    lines = ["chrom\tpos\tref\talt\tfrequency"]
    lines += [f"{c}\t{p}\t{r}\t{a}\t{value!r}" for (c, p, r, a), value in table.items()]
    wanted = asked | set(list(table)[:3])
    found = score_files.frequencies(write(tmp_path, "\n".join(lines) + "\n"), wanted)
    assert found == {place: value for place, value in table.items() if place in wanted}


EVIDENCE_HEAD = "gene\tchange\tcode\tstrength\tevidence\treference\n"


def test_the_users_evidence_counts_by_every_spelling_of_the_change(tmp_path):
    for change in ("p.Gly20Asp", "G20D", "p.(Gly20Asp)"):
        text = EVIDENCE_HEAD + f"TOY\t{change}\tOS2\t\tassay of ours\tLAB-1\n"
        path = write(tmp_path, text, "evidence.tsv")
        row, ledger = classify("G20D", config={"evidence": str(path)})
        assert row["codes"] == ["OS2"]
        assert (ledger["OS2"]["source_id"], ledger["OS2"]["references"]) == ("user", ["LAB-1"])
        assert ledger["OS2"]["points"] == 4


def test_the_users_strength_is_taken_and_op2_is_the_users_to_give(tmp_path):
    text = EVIDENCE_HEAD + "TOY\tG20D\tOS2\tmoderate\ta\tb\nTOY\tG20D\tOP2\t\ta\tb\n"
    path = write(tmp_path, text, "evidence.tsv")
    row, _ = classify("G20D", config={"evidence": str(path)})
    assert (row["codes"], row["points"]) == (["OP2", "OS2_moderate"], 3)


def test_every_faulty_row_of_the_users_evidence_is_told(tmp_path):
    rows = ["TOY\tG20D\tPS3\t\ta\tb", "TOY\tnonsense\tOS2\t\ta\tb", "TOY\tG20D\tOS2\tweak\ta\tb"]
    rows += ["\tG20D\tOS2\t\ta\tb", "TOY\tG20D\tOS2\t\ta\t"]
    path = write(tmp_path, EVIDENCE_HEAD + "\n".join(rows) + "\n", "evidence.tsv")
    with pytest.raises(WorkflowInputError) as caught:
        user_evidence.read(path, load())
    lines = str(caught.value).split("\n")
    assert len(lines) == 5
    assert "row 2, code: 'PS3'; one of OM1" in lines[0]
    assert "row 3, change: 'nonsense'; a change such as" in lines[1]
    assert "row 4, strength: 'weak'; strong, moderate for OS2, or empty" in lines[2]
    assert "row 5, gene: empty" in lines[3]
    assert "row 6, reference: empty" in lines[4]
    bare = write(tmp_path, "gene\tchange\n", "bare.tsv")
    with pytest.raises(WorkflowInputError, match="no column code, strength, evidence, reference"):
        user_evidence.read(bare, load())


def test_files_of_the_configuration_are_used(tmp_path):
    am = write(tmp_path, AM_HEAD + am_line(), "am.tsv")
    listed = write(tmp_path, "chrom\tpos\tref\talt\tfrequency\n", "af.tsv")
    config = {"alphamissense": str(am), "frequencies": str(listed)}
    row, ledger = classify("G20D", config=config)
    assert row["codes"] == ["OP1", "OP4"]
    assert ledger["OP1"]["source_id"] == "user"
    # Files are of GRCh38: a variant of another build is not looked up in them.
    seen = variant(build="GRCh37")
    named = consequence(seen, "TOY", "G20D")
    classes, _ = oncogenicity.classify([seen], [named], pack(), PROCEDURE, config)
    assert classes[0]["codes"] == []
    assert any(text.startswith("OP4") for text in classes[0]["not_assessed"])

from __future__ import annotations

import pytest
from run_builder import RunBuilder

from apothecary import queries, why
from apothecary.errors import WorkflowInputError

BRAF = {"build": "GRCh38", "chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chr7:140753336:A:T", {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}),
        ("7-140753336-a-t", {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}),
        ("chrX:154536002", {"chrom": "chrX", "pos": 154536002, "ref": None, "alt": None}),
        ("MT:1555:A:G", {"chrom": "chrM", "pos": 1555}),
        ("chr9:21971154-CCGC-CC", {"chrom": "chr9", "ref": "CCGC", "alt": "CC"}),
        ("RS9923231", {"rsid": "rs9923231", "gene": None}),
        ("BRAF V600E", {"gene": "BRAF", "change": "V600E"}),
        ("BRAF p.Val600Glu", {"gene": "BRAF", "change": "V600E"}),
        ("APC:p.(Arg213Ter)", {"gene": "APC", "change": "R213*"}),
        ("APC R213*", {"gene": "APC", "change": "R213*"}),
        ("HLA-B", {"gene": "HLA-B", "change": None, "chrom": None}),
        ("  CYP2C19 ", {"gene": "CYP2C19"}),
    ],
)
def test_queries_are_read(text, expected):
    query = queries.parse(text)
    assert {name: getattr(query, name) for name in expected} == expected


@pytest.mark.parametrize("text", ["", "chr7:x", "a b c d", "<img src=x>", "*2"])
def test_what_is_no_query_is_told(text):
    with pytest.raises(WorkflowInputError, match="give a gene, a medicine of the sample, a place"):
        queries.parse(text)


def germline() -> RunBuilder:
    builder = RunBuilder().sample("S1").sample("S2").consent("S1", "pharmacogenes", "germline")
    builder.add(
        "variants",
        sample_id="S1",
        chrom="chr10",
        pos=94781859,
        ref="G",
        alt="A",
        record=17,
        build="GRCh38",
        input_pos=94781859,
        input_ref="G",
        input_alts="A",
        allele_index=1,
        genotype="0/1",
        depth=32,
        alt_depth=15,
        vaf=0.46875,
        gq=99,
        filters="PASS",
        rsid="rs4244285",
        fate="kept",
    )
    builder.add(
        "variants",
        sample_id="S1",
        chrom="chr10",
        pos=94780000,
        ref="G",
        alt=".",
        record=16,
        build="GRCh38",
        input_pos=94780000,
        input_ref="G",
        genotype="0/0",
        depth=3,
        block_end=94780700,
        fate="filtered",
        reason="depth 3 is below 4",
    )
    builder.add("record_fates", sample_id="S1", fate="kept", reason="passes", records=1).add(
        "record_fates", sample_id="S1", fate="withheld", reason="no consent", records=3
    )
    builder.add(
        "sites",
        sample_id="S1",
        gene="CYP2C19",
        position_id="chr10:94781859:G",
        chrom="chr10",
        pos=94781859,
        ref="G",
        rsid="rs4244285",
        state="called",
        allele_1="G",
        allele_2="A",
        record=17,
    )
    builder.add(
        "sites",
        sample_id="S1",
        gene="CYP2C19",
        position_id="chr10:94780653:G",
        chrom="chr10",
        pos=94780653,
        ref="G",
        rsid="rs4986893",
        state="not_assessed",
        reason="depth 3 is below 4",
    )
    builder.add(
        "diplotypes",
        sample_id="S1",
        gene="CYP2C19",
        rank=1,
        diplotype="*1/*2",
        method="compatible",
        supporting_sites=["chr10:94781859:G"],
        missing_sites=["chr10:94780653:G"],
        not_excludable=["*3"],
    )
    builder.add(
        "phenotypes",
        sample_id="S1",
        gene="CYP2C19",
        rank=1,
        lookup_diplotype="*1/*2",
        phenotype="Intermediate Metabolizer",
        function_1="Normal function",
        function_2="No function",
        method="compatible",
    )
    return builder.add(
        "recommendations",
        sample_id="S1",
        drug="clopidogrel",
        source="CPIC",
        rank=1,
        genes=["CYP2C19"],
        lookup="CYP2C19=Intermediate Metabolizer",
        action="alternative",
        strength="Strong",
        guideline_id="PA166251443",
        taken=True,
    )


def test_a_gene_is_told_from_sites_to_advice(tmp_path):
    text = "\n".join(why.explain(germline().write(tmp_path), "S1", "cyp2c19"))
    assert "call_sites: 2 positions: 1 called, 1 not assessed" in text
    assert "call_sites: CYP2C19 chr10:94781859:G rs4244285: called G/A" in text
    assert "call_sites: not assessed, depth 3 is below 4: rs4986893" in text
    assert "call_diplotypes: CYP2C19 rank 1: *1/*2, compatible, unphased" in text
    assert "call_diplotypes: not excludable: *3" in text
    assert "Intermediate Metabolizer from Normal function and No function" in text
    assert "match_recommendations: clopidogrel, CPIC: alternative, Strong" in text
    assert "the person takes it" in text


def medicine() -> RunBuilder:
    """CYP2D6 by its posterior, converted by a medicine taken, with guidance and dose."""
    builder = RunBuilder().sample("S1").consent("S1", "pharmacogenes")
    for given, drug in (("Allegron 25 mg", "nortriptyline"), ("paroxetine", "paroxetine")):
        builder.add(
            "medicines", subject_id="S1", medicine=given, part=1, drug=drug, matched_by="synonym"
        )
    builder.add(
        "medicines",
        subject_id="S1",
        medicine="Wundermittel",
        part=1,
        matched_by="not found",
        note="it is not in the dictionary",
    )
    for rank, (name, posterior) in enumerate((("*1/*1", 0.8), ("*1/*4", 0.2)), start=1):
        builder.add(
            "diplotypes",
            sample_id="S1",
            gene="CYP2D6",
            rank=rank,
            diplotype=name,
            method="posterior",
            decision="indeterminate",
            posterior=posterior,
            reason="rs3892097 was not assessed",
        )
        builder.add(
            "phenotypes",
            sample_id="S1",
            gene="CYP2D6",
            rank=rank,
            lookup_diplotype=name,
            phenotype="Normal Metabolizer" if rank == 1 else "Intermediate Metabolizer",
            posterior=posterior,
            method="posterior",
            converted_phenotype="Poor Metabolizer",
            converted_by=["paroxetine"],
            conversion_reason="paroxetine inhibits CYP2D6 (strong)",
        )
    builder.add(
        "interactions",
        sample_id="S1",
        drug="nortriptyline",
        enzyme="CYP2D6",
        by="paroxetine",
        effect="inhibitor",
        genes=["CYP2D6"],
        reason="paroxetine is a strong inhibitor of CYP2D6, which nortriptyline needs",
        source="a source",
    )
    builder.add(
        "recommendations",
        sample_id="S1",
        drug="nortriptyline",
        source="DPWG",
        rank=1,
        genes=["CYP2D6"],
        lookup="CYP2D6=0.0",
        action="change_dose",
        dose_change="40 %",
        guideline_id="PA166104998",
        posterior=1.0,
        by_clinical_phenotype=True,
        taken=True,
    )
    builder.add(
        "doses",
        sample_id="S1",
        drug="nortriptyline",
        model="DPWG by CYP2D6 with the medicines taken: dose",
        value=0.4,
        unit="times the normal dose",
        inputs=["lookup=CYP2D6=0.0", "posterior=1"],
        validity="as the guideline says",
        source="DPWG",
    )
    return builder.add(
        "doses",
        sample_id="S1",
        drug="nortriptyline",
        model="CPIC by CYP2D6: starting dose",
        unit="times the normal starting dose",
        refused="phenotypes that cannot be told apart lead to different doses",
        inputs=["lookup=CYP2D6=1.0"],
        source="CPIC",
    )


@pytest.mark.parametrize("query", ["nortriptyline", "Nortriptyline", "Allegron 25 mg"])
def test_a_medicine_is_told_from_the_sheet_to_the_dose(tmp_path, query):
    lines = why.explain(medicine().write(tmp_path), "S1", query)
    steps = [
        "sample: S1 of S1",
        "consent: granted: pharmacogenes",
        "resolve_medicines: Allegron 25 mg: nortriptyline by synonym",
        "call_diplotypes: CYP2D6 rank 1: *1/*1, posterior, unphased, indeterminate, "
        "posterior 0.800 (rs3892097 was not assessed)",
        "call_diplotypes: CYP2D6 rank 2: *1/*4, posterior, unphased, indeterminate",
        "assign_phenotypes: CYP2D6 *1/*1: Normal Metabolizer, posterior 0.800; converted to Poor "
        "Metabolizer by paroxetine",
        "assign_phenotypes: CYP2D6: paroxetine inhibits CYP2D6 (strong)",
        "match_recommendations: conflict: paroxetine is a strong inhibitor",
        "match_recommendations: nortriptyline, DPWG: change dose, 40 %; by CYP2D6=0.0; "
        "PA166104998; posterior 1.000; by the clinical phenotype; the person takes it",
        "calculate_doses: nortriptyline, CPIC by CYP2D6: starting dose: no dose: phenotypes that "
        "cannot be told apart lead to different doses; from lookup=CYP2D6=1.0",
        "calculate_doses: nortriptyline, DPWG by CYP2D6 with the medicines taken: dose: 0.4 times "
        "the normal dose; from lookup=CYP2D6=0.0, posterior=1; valid: as the guideline says",
    ]
    places = []
    for step in steps:
        found = [i for i, line in enumerate(lines) if line.startswith(step)]
        assert found, (step, lines)
        places.append(found[0])
    assert places == sorted(places)


def test_a_gene_is_told_with_the_doses_that_rest_on_it(tmp_path):
    text = "\n".join(why.explain(medicine().write(tmp_path), "S1", "CYP2D6"))
    assert "calculate_doses: nortriptyline, DPWG by CYP2D6" in text
    assert "match_recommendations: conflict: paroxetine" in text


def test_a_medicine_that_nothing_is_known_of_is_told(tmp_path):
    lines = why.explain(medicine().write(tmp_path), "S1", "wundermittel")
    assert ("resolve_medicines: Wundermittel: not found (it is not in the dictionary)") in lines
    assert "match_recommendations: no guidance for Wundermittel matched the results" in lines


def test_a_medicine_not_taken_is_told_by_its_guidance(tmp_path):
    lines = why.explain(germline().write(tmp_path), "S1", "clopidogrel")
    assert (
        "resolve_medicines: the clinical sheet has no clopidogrel: no dose is calculated" in lines
    )
    assert any(line.startswith("match_recommendations: clopidogrel, CPIC") for line in lines)


@pytest.mark.parametrize("query", ["rs4244285", "chr10:94781859:G:A", "10-94781859-G-A"])
def test_a_variant_is_told_from_record_to_diplotype(tmp_path, query):
    text = "\n".join(why.explain(germline().write(tmp_path), "S1", query))
    assert (
        "read_variants: record 17: chr10:94781859:G:A (GRCh38), genotype 0/1, depth 32, "
        "reads of the allele 15, allele fraction 0.4688, genotype quality 99, FILTER PASS" in text
    )
    assert "read_variants: fate: kept" in text
    assert "differs from the reference allele at: chr10:94781859:G" in text
    assert "not assessed: chr10" not in text


def test_a_variant_is_told_with_the_medicines_taken_and_a_count_of_the_rest(tmp_path):
    builder = germline()
    other = {**builder.rows["recommendations"][0], "drug": "citalopram", "taken": False}
    builder.rows["recommendations"].append(other)
    results = builder.write(tmp_path)
    text = "\n".join(why.explain(results, "S1", "rs4244285"))
    assert "match_recommendations: clopidogrel, CPIC: alternative" in text
    assert "match_recommendations: 1 rows for medicines that the person does not take" in text
    assert "citalopram" not in text
    assert "citalopram" in "\n".join(why.explain(results, "S1", "CYP2C19"))


def test_a_site_without_a_good_record_says_which_block_failed(tmp_path):
    text = "\n".join(why.explain(germline().write(tmp_path), "S1", "chr10:94780653"))
    assert "record 16: chr10:94780000:G:. (GRCh38), reference block to 94780700" in text
    assert "fate: filtered (depth 3 is below 4)" in text
    assert "call_sites: CYP2C19 chr10:94780653:G rs4986893: not assessed" in text
    assert "call_diplotypes: not assessed: chr10:94780653:G" in text


def test_an_absent_variant_is_told_with_the_fates_of_all_records(tmp_path):
    text = "\n".join(why.explain(germline().write(tmp_path), "S1", "chr1:5:A:T"))
    assert "read_variants: no record of chr1:5:A:T was kept from the input" in text
    assert "read_variants: 1 records kept: passes" in text


def test_withheld_records_are_neither_counted_nor_told(tmp_path):
    """The answer must be the same whether or not the input holds the variant."""
    text = "\n".join(why.explain(germline().write(tmp_path), "S1", "chr13:32340301"))
    assert "withheld: secondary_findings" in text
    assert "records withheld" not in text
    assert "3 records" not in text


def test_a_sample_without_consent_is_told_by_scope_only(tmp_path):
    text = "\n".join(why.explain(germline().write(tmp_path), "S2", "CYP2C19"))
    assert "consent: granted: none; withheld: pharmacogenes, germline, secondary_findings" in text
    assert "gene: nothing on CYP2C19 in the tables of this sample" in text


def test_an_unknown_sample_is_told_with_those_that_are_there(tmp_path):
    results = germline().write(tmp_path)
    with pytest.raises(WorkflowInputError) as told:
        why.explain(results, "S9", "CYP2C19")
    assert str(told.value) == f"{results}: no sample 'S9'; samples of the run: S1, S2"


def test_an_unknown_gene_is_told_with_those_that_are_there(tmp_path):
    with pytest.raises(WorkflowInputError, match=r"no gene 'CYP2C20' in S1; .*: CYP2C19; nothing"):
        why.explain(germline().write(tmp_path), "S1", "CYP2C20")


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(WorkflowInputError, match="no results of a run"):
        why.explain(tmp_path, "S1", "CYP2C19")


def test_a_failed_sample_says_why_and_nothing_else(tmp_path):
    builder = germline()
    builder.rows["outcomes"][0] |= {"status": "failed", "reason": "BGZF file is cut"}
    lines = why.explain(builder.write(tmp_path), "S1", "CYP2C19")
    assert "read_variants: failed: BGZF file is cut" in lines
    assert not [line for line in lines if line.startswith("call_")]


def test_a_run_that_has_not_ended_says_so(tmp_path):
    results = germline().write(tmp_path)
    (results / "tables" / "batch0001" / "phenotypes.parquet").unlink()
    lines = why.explain(results, "S1", "CYP2C19")
    assert "run: it has not come to the table phenotypes" in lines
    assert any(line.startswith("call_diplotypes: CYP2C19 rank 1") for line in lines)


def tumor() -> RunBuilder:
    builder = RunBuilder().sample("T1", role="tumor", assay="panel", tumor_type="COAD")
    builder.consent("T1", "tumor")
    builder.add(
        "variants",
        sample_id="T1",
        **BRAF,
        record=9,
        input_pos=140753336,
        input_ref="A",
        input_alts="T",
        allele_index=1,
        genotype="0/1",
        filters="PASS",
        fate="kept",
    )
    builder.add(
        "consequences",
        **BRAF,
        gene="BRAF",
        consequence="missense_variant",
        protein_change="V600E",
        method="known_variant",
    )
    builder.add("fusions", sample_id="T1", gene_5prime="TPM3", gene_3prime="NTRK1", row=2, reads=55)
    builder.add(
        "copy_number",
        sample_id="T1",
        gene="ERBB2",
        chrom="chr17",
        total=13.0,
        state="amplification",
    )
    for evidence, effect, tier in (("EID1", "resistant", "I"), ("EID2", "sensitive", "II")):
        builder.add(
            "actionability",
            sample_id="T1",
            finding_id="chr7:140753336:A:T",
            evidence_id=evidence,
            gene="BRAF",
            alteration="BRAF V600E",
            **{name: BRAF[name] for name in ("chrom", "pos", "ref", "alt")},
            match="exact",
            therapies=["Cetuximab"],
            effect=effect,
            level="B",
            disease="Colorectal Cancer",
            tumor_match="main_type",
            tier=tier,
            tier_reason="level B in this tumor type",
        )
    return builder


@pytest.mark.parametrize("query", ["BRAF V600E", "braf p.Val600Glu", "chr7:140753336:A:T", "BRAF"])
def test_a_driver_is_told_from_record_to_tier(tmp_path, query):
    text = "\n".join(why.explain(tumor().write(tmp_path), "T1", query))
    assert "read_variants: record 9: chr7:140753336:A:T (GRCh38), genotype 0/1" in text
    assert "annotate_consequences: chr7:140753336:A:T: BRAF V600E missense_variant" in text
    assert "tier I (level B in this tumor type); EID1 exact, level B, resistant" in text
    assert text.index("EID1") < text.index("EID2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("NTRK1", "fusion: TPM3::NTRK1, 55 reads (row 2)"),
        ("ERBB2", "copy number: ERBB2 amplification, 13 copies"),
    ],
)
def test_events_that_are_no_variant_are_told(tmp_path, query, expected):
    assert expected in "\n".join(why.explain(tumor().write(tmp_path), "T1", query))


def test_a_change_that_nothing_names_is_told(tmp_path):
    text = "\n".join(why.explain(tumor().write(tmp_path), "T1", "KRAS G12D"))
    assert "no record of KRAS G12D was kept" in text
    assert "annotate_consequences: 0 variants of the sample have no name" in text


def test_control_characters_of_an_input_do_not_reach_the_terminal(tmp_path):
    builder = tumor()
    builder.rows["outcomes"][0] |= {"status": "warn", "reason": "odd \x1b[31m name"}
    text = "\n".join(why.explain(builder.write(tmp_path), "T1", "BRAF"))
    assert "\x1b" not in text
    assert "odd \\x1b[31m name" in text

"""Made rows in the shape of the tables, complete where the declarations ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary import schemas
from apothecary.tables import Table

Row = dict[str, Any]
_EMPTY = {"str": "", "int": 0, "float": 0.0, "bool": False, "list": []}


def row(table: Table, **values: Any) -> Row:
    """A row of a table: the values given, null elsewhere, a neutral value where null is refused."""
    unknown = set(values) - {column.name for column in table.columns}
    assert not unknown, unknown
    return {
        column.name: values.get(column.name, _EMPTY[column.kind] if column.required else None)
        for column in table.columns
    }


class MadePack:
    """A small knowledge pack."""

    digest = "0f" * 32

    def __init__(self, **tables: list[Row]) -> None:
        self._tables = tables

    def rows(self, name: str, /) -> list[Row]:
        return self._tables.get(name, [])


def pack() -> MadePack:
    return MadePack(
        sources=[
            {
                "source_id": "cpic",
                "name": "CPIC",
                "version": "2025-11",
                "released": "2025-11-05",
                "licence": "CC0-1.0",
                "attribution": "Clinical Pharmacogenetics Implementation Consortium",
                "address": "https://cpicpgx.org",
                "files": "x",
                "sha256": "0" * 64,
            },
            {
                "source_id": "civic",
                "name": "CIViC",
                "version": "2026-05",
                "released": "",
                "licence": "CC0-1.0",
                "attribution": "CIViC, Washington University",
                "address": "https://civicdb.org",
                "files": "x",
                "sha256": "0" * 64,
            },
        ],
        pgx_genes=[
            {"gene": gene, "kind": kind, "research": gene == "CYP1A2"}
            for gene, kind in (
                ("CYP1A2", "diplotype"),
                ("CYP2C19", "diplotype"),
                ("CYP2B6", "diplotype"),
                ("CYP2D6", "outside_only"),
                ("DPYD", "lowest_function"),
                ("HLA-B", "outside_only"),
                ("SLCO1B1", "diplotype"),
                ("TPMT", "diplotype"),
            )
        ],
        germline_genes=[
            {"gene": "RYR1", "list_id": "acmg_sf", "list_version": "3.1", "source_id": "cpic"},
            {"gene": "RAD51C", "list_id": "predisposition", "list_version": "0", "source_id": "x"},
        ],
        oncotree=[{"code": "COAD", "name": "Colon Adenocarcinoma"}],
    )


RUN: Mapping[str, Any] = {
    "laboratory": "Molecular Pharmacology, City Hospital",
    "pharmacogenes": {"mode": "compatible", "min_gq": 10, "absent_is_reference": False},
    "thresholds": {"germline": {"default": {"min_depth": 10}}},
    "reference": False,
}


def sample(sample_id: str = "HG00276", **values: Any) -> Row:
    facts = {
        "sample_id": sample_id,
        "row": 2,
        "subject_id": f"P-{sample_id}",
        "role": "germline",
        "assay": "genome",
        "sex": "F",
        "input": "samples.vcf.gz",
        "format": "vcf",
        "build": "auto",
        "batch": "batch-1",
        "sample_in_file": sample_id,
    }
    return row(schemas.SAMPLES, **{**facts, **values})


def consent(subject_id: str, **decisions: str) -> list[Row]:
    return [
        row(schemas.CONSENT, subject_id=subject_id, scope=scope, decision=decision)
        for scope, decision in decisions.items()
    ]


def diplotype(sample_id: str, gene: str, rank: int, name: str | None, **values: Any) -> Row:
    alleles = (name or "").split("/")
    facts = {
        "diplotype": name,
        "allele_1": alleles[0] or None,
        "allele_2": alleles[1] if len(alleles) > 1 else None,
        "method": "compatible" if name else "not_called",
        "phased": False,
        "effectively_phased": True,
        "supporting_sites": [],
        "missing_sites": [],
        "not_excludable": [],
        "warnings": [],
    }
    given = {"sample_id": sample_id, "gene": gene, "rank": rank, **facts, **values}
    return row(schemas.DIPLOTYPES, **given)


def phenotype(sample_id: str, gene: str, rank: int, name: str, **values: Any) -> Row:
    facts = {"method": "compatible", "converted_by": []}
    given = {"sample_id": sample_id, "gene": gene, "rank": rank, "phenotype": name}
    return row(schemas.PHENOTYPES, **{**given, **facts, **values})


def recommendation(
    sample_id: str, drug: str, source: str, action: str, rank: int = 1, **values: Any
) -> Row:
    facts = {
        "guidance_id": f"PA{abs(sum(map(ord, drug + source)))}{rank}",
        "genes": ["CYP2C19"],
        "lookup": "CYP2C19=Poor Metabolizer",
        "diplotypes": ["CYP2C19 *2/*2"],
        "phenotypes": ["CYP2C19 Poor Metabolizer"],
        "implications": [],
        "guideline_id": "PA166104948",
        "guideline_version": "47",
        "link": "https://www.clinpgx.org/guidelineAnnotation/PA166104948",
        "licence": "CC-BY-SA-4.0",
    }
    given = {
        "sample_id": sample_id,
        "drug": drug,
        "source": source,
        "rank": rank,
        "action": action,
    }
    return row(schemas.RECOMMENDATIONS, **{**facts, **given, **values})


def site(sample_id: str, gene: str, pos: int, state: str = "reference", **values: Any) -> Row:
    alleles = {"allele_1": "C", "allele_2": "C"} if state != "not_assessed" else {}
    facts = {
        "position_id": f"chr10:{pos}:C",
        "chrom": "chr10",
        "pos": pos,
        "ref": "C",
        "rsid": f"rs{pos}",
        "phased": False,
        "undocumented": [],
        "reason": "no record at the position" if state == "not_assessed" else None,
    }
    given = {"sample_id": sample_id, "gene": gene, "state": state}
    return row(schemas.SITES, **{**facts, **alleles, **given, **values})


def germline_tables(sample_id: str = "HG00276") -> dict[str, list[Row]]:
    """A germline sample with taken medicines, a tie, missing positions and a filtered variant."""
    subject = f"P-{sample_id}"
    sites = [site(sample_id, "CYP2C19", 94_761_900 + i) for i in range(30)]
    sites += [
        site(
            sample_id,
            "CYP2C19",
            94_781_859,
            "called",
            ref="G",
            position_id="chr10:94781859:G",
            rsid="rs4244285",
            allele_1="A",
            allele_2="A",
            depth=31,
            gq=99,
            record=12,
        ),
        *(site(sample_id, "CYP2B6", 41_006_900 + i) for i in range(40)),
        *(site(sample_id, "CYP2B6", 41_009_300 + i, "not_assessed") for i in range(3)),
        site(
            sample_id,
            "DPYD",
            97_450_058,
            "not_assessed",
            record=77,
            reason="present but failed: lowq",
        ),
    ]
    return {
        "outcomes": [
            row(
                schemas.OUTCOMES,
                sample_id=sample_id,
                step="read_variants",
                status="ok",
                build="GRCh38",
                input_sha256="ab" * 32,
                input_records=1201,
                notes=["index built in the folder of the run"],
            ),
            row(schemas.OUTCOMES, sample_id=sample_id, step="call_diplotypes", status="ok"),
        ],
        "consent": consent(subject, pharmacogenes="yes", germline="no"),
        "clinical": [
            row(schemas.CLINICAL, subject_id=subject, item="medicine", value="clopidogrel"),
            row(schemas.CLINICAL, subject_id=subject, item="medicine", value="metformin"),
            row(schemas.CLINICAL, subject_id=subject, item="age_years", value="63", unit="years"),
        ],
        "medicines": [
            row(
                schemas.MEDICINES,
                subject_id=subject,
                medicine=name,
                part=1,
                drug=name,
                matched_by="name",
            )
            for name in ("clopidogrel", "metformin")
        ],
        "interactions": [
            row(
                schemas.INTERACTIONS,
                sample_id=sample_id,
                drug="clopidogrel",
                enzyme="CYP2C19",
                by="metformin",
                effect="inhibitor",
                strength="moderate",
                genes=["CYP2C19"],
                genetic_phenotype="Poor Metabolizer",
                reason="made up: it may be lower than the genes say",
                source="a made-up source",
            ),
        ],
        "doses": [
            row(
                schemas.DOSES,
                sample_id=sample_id,
                drug="clopidogrel",
                model=name,
                unit="mg/day",
                inputs=["age_years=63"],
                notes=["made up"],
                validity="adults",
                source="a made-up source",
                **values,
            )
            for name, values in (
                ("iwpc_clinical", {"value": 30.481}),
                ("a range", {"low": 0.3, "high": 0.8}),
                ("a highest dose", {"high": 21.0}),
                ("gage_clinical", {"refused": "age_years is not given"}),
            )
        ],
        "record_fates": [
            row(
                schemas.RECORD_FATES,
                sample_id=sample_id,
                fate=fate,
                reason=reason,
                records=records,
            )
            for fate, reason, records in (
                ("kept", "passes", 212),
                ("reference", "seen as reference", 961),
                ("filtered", "FILTER lowq", 1),
                ("withheld", "no consent", 27),
            )
        ],
        "variants": [
            row(
                schemas.VARIANTS,
                sample_id=sample_id,
                chrom="chr1",
                pos=97_450_058,
                ref="C",
                alt="T",
                record=77,
                build="GRCh38",
                input_pos=97_450_058,
                input_ref="C",
                input_alts="T",
                allele_index=1,
                genotype="0/1",
                depth=7,
                gq=14,
                vaf=0.428571,
                filters="lowq",
                fate="filtered",
                reason="FILTER is lowq",
            )
        ],
        "sites": sites,
        "diplotypes": [
            diplotype(
                sample_id,
                "CYP2C19",
                1,
                "*2/*2",
                supporting_sites=["chr10:94781859:G"],
            ),
            *(
                diplotype(
                    sample_id,
                    "CYP2B6",
                    rank,
                    name,
                    effectively_phased=False,
                    missing_sites=[f"chr10:{41_009_300 + i}:C" for i in range(3)],
                    not_excludable=["*4", "*6", "*26", "*34", "*36"],
                )
                for rank, name in ((1, "*1/*9"), (2, "*1/*6"))
            ),
            diplotype(
                sample_id, "DPYD", 1, "Reference/Reference", warnings=["One position failed"]
            ),
            diplotype(sample_id, "SLCO1B1", 1, "*1/*15", phased=True),
            diplotype(
                sample_id, "TPMT", 1, None, reason="An undocumented base was read at rs1142345."
            ),
        ],
        "phenotypes": [
            phenotype(
                sample_id,
                "CYP2C19",
                1,
                "Poor Metabolizer",
                lookup_diplotype="*2/*2",
                function_1="No function",
                function_2="No function",
                answer_code="LA9657-3",
            ),
            phenotype(
                sample_id,
                "CYP2B6",
                1,
                "Intermediate Metabolizer",
                lookup_diplotype="*1/*9",
                function_1="Normal function",
                function_2="Decreased function",
                answer_code="LA10317-8",
            ),
            phenotype(
                sample_id,
                "CYP2B6",
                2,
                "Intermediate Metabolizer",
                lookup_diplotype="*1/*6",
                function_1="Normal function",
                function_2="Decreased function",
                answer_code="LA10317-8",
            ),
            phenotype(
                sample_id,
                "DPYD",
                1,
                "Normal Metabolizer",
                lookup_diplotype="Reference/Reference",
                function_1="Normal function",
                function_2="Normal function",
                activity_score="2.0",
                answer_code="LA25391-6",
            ),
            phenotype(
                sample_id,
                "SLCO1B1",
                1,
                "Decreased Function",
                lookup_diplotype="*1/*15",
                function_1="Normal function",
                function_2="No function",
                answer_code="LA25395-7",
            ),
            phenotype(sample_id, "TPMT", 1, "No Result", method="not_called"),
        ],
        "recommendations": [
            recommendation(
                sample_id,
                "clopidogrel",
                "CPIC",
                "avoid",
                population="CVI ACS PCI",
                strength="Strong",
                taken=True,
            ),
            recommendation(
                sample_id,
                "clopidogrel",
                "CPIC",
                "alternative",
                2,
                population="NVI",
                strength="Moderate",
                taken=True,
                text="<p>A text of an installed source.</p><p>Second &amp; last.</p>",
                implications=["CYP2C19: an implication."],
            ),
            recommendation(sample_id, "clopidogrel", "DPWG", "alternative", taken=True),
            recommendation(
                sample_id,
                "amitriptyline",
                "CPIC",
                "change_dose",
                dose_change="0.5",
                strength="Moderate",
            ),
            recommendation(
                sample_id,
                "simvastatin",
                "CPIC",
                "alternative",
                genes=["SLCO1B1"],
                diplotypes=["SLCO1B1 *1/*15"],
                phenotypes=["SLCO1B1 Decreased Function"],
                strength="Strong",
            ),
            recommendation(
                sample_id,
                "efavirenz",
                "CPIC",
                "standard_dosing",
                genes=["CYP2B6"],
                diplotypes=["CYP2B6 *1/*9"],
                phenotypes=["CYP2B6 Intermediate Metabolizer"],
                strength="Optional",
            ),
            recommendation(sample_id, "voriconazole", "CPIC", "monitor", strength="Moderate"),
            recommendation(sample_id, "omeprazole", "DPWG", "see_guideline"),
        ],
    }


def evidence(sample_id: str, evidence_id: str, tier: str, **values: Any) -> Row:
    facts = {
        "finding_id": "chr7:140753336:A:T",
        "gene": "BRAF",
        "alteration": "BRAF V600E",
        "chrom": "chr7",
        "pos": 140_753_336,
        "ref": "A",
        "alt": "T",
        "vaf": 0.31415,
        "depth": 140,
        "molecular_profile": "BRAF V600E",
        "match": "exact",
        "therapies": [],
        "evidence_type": "predictive",
        "effect": "sensitive",
        "level": "A",
        "rating": 5,
        "disease": "Colorectal Cancer",
        "tumor_match": "main_type",
        "tier_reason": "Level A in the same main type of tumor",
        "vetoed_by": [],
        "link": f"https://civicdb.org/links/evidence_items/{evidence_id[3:]}",
        "source_id": "civic",
        "licence": "CC0-1.0",
    }
    given = {"sample_id": sample_id, "evidence_id": evidence_id, "tier": tier}
    return row(schemas.ACTIONABILITY, **{**facts, **given, **values})


def tumor_sample(sample_id: str = "T001") -> Row:
    return sample(
        sample_id,
        role="tumor",
        assay="exome",
        tumor_type="COAD",
        copy_number="segments.tsv",
        subject_id=f"P-{sample_id}",
    )


def tumor_tables(sample_id: str = "T001") -> dict[str, list[Row]]:
    """A colorectal tumor with BRAF V600E, resistance beside it, copy number, a fusion, a flag."""
    braf = {
        "chrom": "chr7",
        "pos": 140_753_336,
        "ref": "A",
        "alt": "T",
        "build": "GRCh38",
    }
    unnamed = {"chrom": "chr12", "pos": 25_245_350, "ref": "C", "alt": "T", "build": "GRCh38"}
    return {
        "outcomes": [
            row(
                schemas.OUTCOMES,
                sample_id=sample_id,
                step="read_variants",
                status="ok",
                build="GRCh38",
                input_records=3313,
            )
        ],
        "consent": consent(f"P-{sample_id}", tumor="yes"),
        "record_fates": [
            row(
                schemas.RECORD_FATES,
                sample_id=sample_id,
                fate="kept",
                reason="passes",
                records=3313,
            )
        ],
        "variants": [
            row(
                schemas.VARIANTS,
                sample_id=sample_id,
                **place,
                record=record,
                allele_index=1,
                fate="kept",
                filters="PASS",
                genotype="0/1",
            )
            for record, place in enumerate((braf, unnamed), start=1)
        ],
        "consequences": [
            row(
                schemas.CONSEQUENCES,
                **braf,
                transcript="ENST00000646891.2",
                gene="BRAF",
                consequence="missense_variant",
                hgvs_c="c.1799T>A",
                hgvs_p="p.Val600Glu",
                protein_change="V600E",
                mane=True,
                method="csq",
            ),
            row(schemas.CONSEQUENCES, **unnamed, method="not_named"),
        ],
        "oncogenicity": [
            row(
                schemas.ONCOGENICITY,
                **braf,
                gene="BRAF",
                transcript="ENST00000646891.2",
                protein_change="V600E",
                points=9,
                codes=["OP4", "OS2", "OS3"],
                not_assessed=["OP2: told by no source here"],
                criteria="sop",
                masked=True,
                **{"class": "Likely Oncogenic"},
            ),
            row(
                schemas.ONCOGENICITY,
                **unnamed,
                gene="KRAS",
                transcript="",
                points=-1,
                codes=["SBP2"],
                not_assessed=[],
                criteria="sop",
                masked=True,
                **{"class": "Likely Benign"},
            ),
        ],
        "oncogenicity_codes": [
            row(
                schemas.ONCOGENICITY_CODES,
                **braf,
                gene="BRAF",
                rank=rank,
                code=code,
                strength=strength,
                points=points,
                status=status,
                weak=status == "weak_alone",
                evidence=text,
                reason=None if status == "met" else "not counted, for a reason",
                source_id="civic",
                references=["EID1", "PMID:1"],
            )
            for rank, (code, strength, points, status, text) in enumerate(
                (
                    ("OP3", "supporting", 0, "excluded", "V600 in 5 tumors"),
                    ("OP4", "supporting", 1, "met", "in no population"),
                    ("OS2", "strong", 4, "met", "functional: gain of function"),
                    ("OS3", "strong", 4, "met", "V600 in 1129 tumors"),
                ),
                start=1,
            )
        ],
        "actionability": [
            evidence(
                sample_id,
                "EID9851",
                "I",
                therapies=["Encorafenib", "Cetuximab"],
                therapy_interaction="combination",
            ),
            evidence(
                sample_id,
                "EID816",
                "I",
                therapies=["Cetuximab"],
                effect="resistant",
                level="B",
                tier_reason="Level B in the same main type of tumor",
            ),
            evidence(
                sample_id,
                "EID1409",
                "II",
                therapies=["Vemurafenib"],
                disease="Melanoma",
                tumor_match="other",
                vetoed_by=["EID102"],
                tier_reason="Level A in another type of tumor",
            ),
            evidence(
                sample_id,
                "",
                "III",
                finding_id="chr17:7674220:C:T",
                gene="TP53",
                alteration="TP53 R248Q",
                chrom="chr17",
                pos=7_674_220,
                ref="C",
                alt="T",
                match="none",
                effect=None,
                evidence_type=None,
                level=None,
                tumor_match=None,
                disease=None,
                molecular_profile=None,
                link=None,
                tier_reason="No evidence matched",
            ),
        ],
        "copy_number": [
            row(
                schemas.COPY_NUMBER,
                sample_id=sample_id,
                gene="MYC",
                chrom="chr8",
                start=127_000_000,
                end=128_000_000,
                major=6.0,
                minor=1.0,
                total=7.0,
                state="amplification",
                row=4,
            )
        ],
        "fusions": [
            row(
                schemas.FUSIONS,
                sample_id=sample_id,
                gene_5prime="TPM3",
                gene_3prime="NTRK1",
                row=2,
                breakpoint_5prime="chr1:154170465",
                breakpoint_3prime="chr1:156874571",
                reads=17,
            )
        ],
        "tumor_flags": [
            row(
                schemas.TUMOR_FLAGS,
                sample_id=sample_id,
                flag="looks_germline",
                status="warn",
                value=0.47,
                reason="Half of the variants stand at an allele fraction of one half.",
            )
        ],
        "biomarkers": [
            row(
                schemas.BIOMARKERS,
                sample_id=sample_id,
                biomarker="tmb_coding",
                value=95.4321,
                unit="mutations/Mb",
                low=92.1,
                high=99.02,
                status="high",
                numerator=2863,
                denominator=30.0,
                denominator_source="the size that was stated",
                method="Coding changes",
            ),
            row(
                schemas.BIOMARKERS,
                sample_id=sample_id,
                biomarker="msi_reads",
                unit="fraction",
                status="not_assessed",
                method="Lengths of homopolymers",
                reason="no reads were given",
            ),
        ],
        "signatures": [
            row(
                schemas.SIGNATURES,
                sample_id=sample_id,
                catalogue="SBS96",
                signature="SBS44",
                exposure=1812.3,
                fraction=0.7812,
                low=0.72,
                high=0.83,
                status="assigned",
                group="MMR_deficiency",
                mutations=2320,
                without_context=12,
                cosine=0.981,
                matrix="COSMIC v3.4",
            ),
            row(
                schemas.SIGNATURES,
                sample_id=sample_id,
                catalogue="DBS78",
                signature="",
                status="not_assessed",
                mutations=3,
                without_context=0,
                matrix="COSMIC v3.4",
                reason="3 mutations, fewer than 50",
            ),
        ],
    }


def failed_tables(sample_id: str, reason: str = "the file is cut short") -> dict[str, list[Row]]:
    """A sample whose reading failed after another step had left findings."""
    tables = germline_tables(sample_id)
    tables["outcomes"] = [
        row(
            schemas.OUTCOMES,
            sample_id=sample_id,
            step="read_variants",
            status="failed",
            reason=reason,
        )
    ]
    return tables

"""A person who agreed to hereditary findings: to act on, carried, not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from report_builders import MadePack, consent, germline_tables, pack, row, sample

from apothecary import schemas

Row = dict[str, Any]
PERSON = "HG00276"


def lists_pack() -> MadePack:
    """The small pack with two lists; a gene of each has no place in GRCh37."""
    listed = [
        ("BRCA2", "predisposition", "0", "Breast cancer", "AD", ""),
        ("MUTYH", "predisposition", "0", "Polyposis", "AR", ""),
        ("PALB2", "predisposition", "0", "Breast cancer", "AD", ""),
        ("FUT1", "predisposition", "0", None, None, ""),
        ("BRCA2", "acmg_sf", "3.1", "Hereditary cancer", "AD", "All P and LP"),
        ("LDLR", "acmg_sf", "3.1", "Hypercholesterolemia", "AD", "All P and LP"),
        ("PLN", "acmg_sf", "3.3", "Cardiomyopathy", "AD", "All P and LP"),
    ]
    names = ("gene", "list_id", "list_version", "condition", "inheritance", "report")
    rows = [
        {
            **dict(zip(names, values, strict=True)),
            "category": None,
            "source_id": "cpic" if values[1] == "acmg_sf" else "civic",
        }
        for values in listed
    ]
    places = [
        {"gene": gene, "start": 1, "start_grch37": None if gene == "FUT1" else 1}
        for gene in sorted({values[0] for values in listed})
    ]
    return MadePack(**{**pack()._tables, "germline_genes": rows, "gene_regions": places})


def finding(gene: str = "BRCA2", **values: Any) -> Row:
    """A row of germline_findings: pathogenic, to act on, by the list of predisposition."""
    facts = {
        "sample_id": PERSON,
        "build": "GRCh38",
        "chrom": "chr13",
        "pos": 32_340_300,
        "ref": "GT",
        "alt": "G",
        "zygosity": "heterozygous",
        "genotype": "0/1",
        "depth": 41,
        "vaf": 0.4878,
        "fate": "kept",
        "transcript": "ENST00000380152",
        "consequence": "frameshift_variant",
        "hgvs_c": "c.5946del",
        "hgvs_p": "p.Ser1982ArgfsTer22",
        "class": "Pathogenic",
        "points": 10,
        "codes": ["PVS1", "PM1"],
        "evidence": ["a frameshift that decays", "at a residue that recurs"],
        "code_points": ["+8", "+2"],
        "code_sources": ["civic", "cpic"],
        "not_assessed": ["PP3, BP4: no score is at hand"],
        "decided_class": "Pathogenic",
        "decided_by": "points",
        "condition": "Breast cancer",
        "inheritance": "AD",
        "lists": ["predisposition"],
        "secondary": False,
        "hits": 1,
        "partners": [],
        "reportable": True,
        "reported_as": "finding",
        "reason": "pathogenic; dominant: one allele is enough",
        "needs_confirmation": False,
        "doubts": [],
        "source_ids": ["civic"],
    }
    return row(schemas.TABLES["germline_findings"], gene=gene, **{**facts, **values})


def secondary(**values: Any) -> Row:
    """A finding by the list of secondary findings alone, which ClinVar decides, with a doubt."""
    facts = {
        "chrom": "chr19",
        "pos": 11_113_300,
        "ref": "C",
        "alt": "T",
        "hgvs_c": "c.1567G>A",
        "hgvs_p": "p.Val523Met",
        "consequence": "missense_variant",
        "class": "Uncertain significance",
        "points": 3,
        "codes": ["PM1"],
        "evidence": ["at a residue that recurs"],
        "code_points": ["+2"],
        "code_sources": ["civic"],
        "decided_class": "Likely pathogenic",
        "decided_by": "clinvar",
        "clinvar_significance": "Likely pathogenic",
        "clinvar_review": "criteria provided, multiple submitters, no conflicts",
        "clinvar_stars": 2,
        "clinvar_conditions": ["Familial hypercholesterolemia"],
        "disagreement": "by points Uncertain significance (3); ClinVar: Likely pathogenic",
        "condition": "Hypercholesterolemia",
        "population_af": 0.000012,
        "frequency_source": "input",
        "lists": ["acmg_sf"],
        "list_version": "3.1",
        "list_source": "cpic",
        "secondary": True,
        "needs_confirmation": True,
        "doubts": ["heterozygous with 0.22 of the reads, outside of 0.3 to 0.7"],
    }
    return finding(**{"gene": "LDLR", **facts, **values})


def carrier(**values: Any) -> Row:
    """One hit of a recessive gene."""
    facts = {
        "chrom": "chr1",
        "pos": 45_332_500,
        "ref": "G",
        "alt": "A",
        "hgvs_c": "c.1187G>A",
        "hgvs_p": "p.Gly396Asp",
        "condition": "Polyposis",
        "inheritance": "AR",
        "reportable": False,
        "reported_as": "carrier",
        "reason": "one hit of a recessive gene: carrier",
    }
    return finding(**{"gene": "MUTYH", **facts, **values})


def uncertain(**values: Any) -> Row:
    """A variant that nobody understands."""
    facts = {
        "chrom": "chr16",
        "pos": 23_625_400,
        "ref": "A",
        "alt": "C",
        "hgvs_c": "c.2014G>C",
        "hgvs_p": "p.Glu672Gln",
        "consequence": "missense_variant",
        "class": "Uncertain significance",
        "points": 1,
        "codes": ["PP3"],
        "evidence": ["a predictor speaks for an effect"],
        "code_points": ["+1"],
        "code_sources": ["user"],
        "decided_class": "Uncertain significance",
        "reportable": False,
        "reported_as": "uncertain",
        "reason": "of uncertain significance: listed, not acted on",
    }
    return finding(**{"gene": "PALB2", **facts, **values})


def agreed(**decisions: str) -> list[Row]:
    """Consent of the person; to all three scopes unless told otherwise."""
    scopes = {"pharmacogenes": "yes", "germline": "yes", "secondary_findings": "yes"}
    return consent(f"P-{PERSON}", **{**scopes, **decisions})


def person(*rows: Row, **decisions: str) -> tuple[Row, dict[str, list[Row]]]:
    """Sample and tables of the person; all four kinds of rows where none are given."""
    tables = germline_tables(PERSON)
    tables["consent"] = agreed(**decisions)
    tables["germline_findings"] = list(rows) or [finding(), secondary(), carrier(), uncertain()]
    return sample(PERSON), tables


def gates(**statuses: str) -> list[Mapping[str, Any]]:
    """Rows of qc_gates of genes."""
    return [
        row(
            schemas.TABLES["qc_gates"],
            sample_id=PERSON,
            level="gene",
            name=gene,
            status=status,
            reason=None if status == "pass" else "too few reads",
        )
        for gene, status in statuses.items()
    ]

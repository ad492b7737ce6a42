"""Rows and small gene models for the tests of the oncogene part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apothecary.oncogenes import actionability, defining_fusions, escat, markers
from apothecary.oncogenes import cases as case_files
from apothecary.oncogenes.evidence import index
from apothecary.oncogenes.settings import Settings

# A slice of chr7 with two genes of two exons, PLUS and MINUS. The bases between them are filler.
START = 1001
CODING = "ATGGCTTGCGAAGGTCATAAACTGAACCCACAGCGTTCTACCGTGTGGTACATTGATTTCGCTGGTTGCTAA"
"""24 codons, one of each amino acid and a stop: MACEGHKLNPQRSTVWYIDFAGC*."""
_FILLER = "GATTACAGGCATTCAAGGTCCATGCAATCG"
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def reverse_complement(bases: str) -> str:
    return bases.translate(_COMPLEMENT)[::-1]


def _gene() -> str:
    """Exon 1 (9 untranslated, 31 coding bases), an intron of 60, exon 2 (41 coding, 12 more)."""
    return (
        "CCAGCAGCC"
        + CODING[:31]
        + "GTAAGT"
        + _FILLER[:24] * 2
        + "TTTCAG"
        + CODING[31:]
        + "TGATCCTAGCAA"
    )


PLUS_START = START + 300
MINUS_START = START + 1000
LENGTH = len(_gene())
GENOME = (
    (_FILLER * 10)[:300]
    + _gene()
    + (_FILLER * 40)[: 700 - LENGTH]
    + reverse_complement(_gene())
    + (_FILLER * 20)[:300]
)


def write_models(folder: Path) -> tuple[Path, Path]:
    """The reference slice and its GFF3."""
    fasta = folder / "slices.fa"
    fasta.write_text(f">chr7:{START}-{START + len(GENOME) - 1} toy\n{GENOME}\n")
    gff = folder / "genes.gff3"
    intron = len(_gene()) - len(CODING) - 9 - 12
    plus = PLUS_START
    lines = ["##gff-version 3"]

    def add(
        gene: str, strand: str, exons: list[tuple[int, int]], cds: list[tuple[int, int, int]]
    ) -> None:
        low, high = min(s for s, _ in exons), max(e for _, e in exons)
        head = f"7\ttoy\t{{}}\t{{}}\t{{}}\t.\t{strand}\t{{}}\t{{}}"
        lines.append(head.format("gene", low, high, ".", f"ID=gene:{gene};Name={gene}"))
        lines.append(
            head.format(
                "mRNA",
                low,
                high,
                ".",
                f"ID=transcript:T{gene};Parent=gene:{gene};biotype=protein_coding;version=1",
            )
        )
        lines.extend(head.format("exon", s, e, ".", f"Parent=transcript:T{gene}") for s, e in exons)
        lines.extend(
            head.format("CDS", s, e, phase, f"ID=CDS:{gene};Parent=transcript:T{gene}")
            for s, e, phase in cds
        )

    first = (plus, plus + 39)
    second = (plus + 40 + intron, plus + LENGTH - 1)
    add(
        "PLUS",
        "+",
        [first, second],
        [(plus + 9, plus + 39, 0), (second[0], second[1] - 12, 2)],
    )
    end = MINUS_START + LENGTH - 1
    first = (end - 39, end)
    second = (MINUS_START, end - 40 - intron)
    add(
        "MINUS",
        "-",
        [first, second],
        [(end - 39, end - 9, 0), (second[0] + 12, second[1], 2)],
    )
    gff.write_text("\n".join(lines) + "\n")
    return fasta, gff


def base(pos: int, length: int = 1) -> str:
    return GENOME[pos - START : pos - START + length]


def variant(
    chrom: str = "chr7", pos: int = 140753336, ref: str = "A", alt: str = "T", **changes: Any
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sample_id": "T1",
        "chrom": chrom,
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "record": pos,
        "build": "GRCh38",
        "input_pos": pos,
        "input_ref": ref,
        "input_alts": alt,
        "allele_index": 1,
        "genotype": "0/1",
        "phased": False,
        "depth": 200,
        "vaf": 0.3,
        "filters": "PASS",
        "fate": "kept",
        "reason": None,
        "rsid": None,
        "population_af": None,
        "annotation": None,
    }
    return {**row, **changes}


def consequence(
    of: dict[str, Any], gene: str, change: str | None = None, **more: Any
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "build": of["build"],
        "chrom": of["chrom"],
        "pos": of["pos"],
        "ref": of["ref"],
        "alt": of["alt"],
        "transcript": f"ENST-{gene}",
        "gene": gene,
        "consequence": "missense_variant",
        "hgvs_g": None,
        "hgvs_c": None,
        "hgvs_p": None,
        "protein_change": change,
        "codon": None,
        "exon": None,
        "mane": True,
        "mane_status": "MANE Select",
        "accession": None,
        "splice_distance": None,
        "nmd": None,
        "nmd_reason": None,
        "classes": [],
        "conflict": None,
        "method": "csq",
        "source_id": None,
        "reason": None,
    }
    return {**row, **more}


def sample(**changes: Any) -> dict[str, Any]:
    row = {"sample_id": "T1", "role": "tumor", "tumor_type": "LUAD", "assay": "panel"}
    return {**row, "format": "vcf", "copy_number": None, "fusions": None, **changes}


_COUNT = iter(range(1, 1_000_000))


def evidence(profile: str, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "evidence_id": f"EID{next(_COUNT)}",
        "molecular_profile": profile,
        "molecular_profile_id": "1",
        "disease": "Lung Adenocarcinoma",
        "doid": "3910",
        "therapies": ["Drugtinib"],
        "therapy_interaction": None,
        "evidence_type": "Predictive",
        "direction": "Supports",
        "level": "A",
        "significance": "Sensitivity/Response",
        "rating": 4,
        "origin": "Somatic",
        "flagged": False,
        "citation": "PMID:1",
        "link": "https://civicdb.org/links/evidence_items/1",
        "source_id": "civic",
    }
    return {**row, **changes}


def _disease(
    doid: str, name: str, scope: str, code: str = "", main: str = "", tissue: str = ""
) -> dict[str, Any]:
    return {
        "doid": doid,
        "name": name,
        "scope": scope,
        "code": code,
        "main_type": main,
        "tissue": tissue,
        "source_id": "civic",
    }


ONCOTREE = [
    {"code": code, "name": name, "main_type": main, "tissue": tissue, "source_id": "oncotree"}
    for code, name, main, tissue in (
        ("LUAD", "Lung Adenocarcinoma", "Non-Small Cell Lung Cancer", "Lung"),
        ("LUSC", "Lung Squamous Cell Carcinoma", "Non-Small Cell Lung Cancer", "Lung"),
        ("COAD", "Colon Adenocarcinoma", "Colorectal Cancer", "Bowel"),
        ("AML", "Acute Myeloid Leukemia", "Leukemia", "Myeloid"),
    )
]
DISEASES = [
    _disease("3910", "Lung Adenocarcinoma", "code", "LUAD"),
    _disease("3907", "Lung Squamous Cell Carcinoma", "code", "LUSC"),
    _disease(
        "3908", "Lung Non-small Cell Carcinoma", "main_type", main="Non-Small Cell Lung Cancer"
    ),
    _disease("1324", "Lung Cancer", "tissue", tissue="Lung"),
    _disease("9256", "Colorectal Cancer", "main_type", main="Colorectal Cancer"),
    _disease("162", "Cancer", "any"),
    _disease("", "Solid Tumor", "solid"),
    _disease("14175", "Von Hippel-Lindau Disease", "none"),
]


class BuiltPack:
    """A knowledge pack of rows built in the test."""

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self._tables: dict[str, list[dict[str, Any]]] = {
            "civic_evidence": [],
            "imported_evidence": [],
            "imported_approvals": [],
            "known_variants": [],
            "hotspot_residues": [],
            "oncotree": ONCOTREE,
            "diseases": DISEASES,
            "gene_regions": [],
            "exons": [],
            "gene_roles": [],
            "population_frequencies": [],
            "sources": [{"source_id": "civic", "licence": "CC0-1.0"}],
            **tables,
        }

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self._tables[name]


def known(pos: int, ref: str, alt: str, gene: str, change: str, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "chrom": "chr7",
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "gene": gene,
        "protein_change": change,
        "consequence": "missense_variant",
        "hgvs_c": None,
        "transcript": None,
        "name": None,
        "hgvs_source_id": None,
        "hotspot": True,
        "source_id": "cancerhotspots",
    }
    return {**row, **more}


Rows = list[dict[str, Any]]
DEFINING = Path(__file__).resolve().parents[2] / "resources" / "defining_fusions.tsv"
MARKERS = Path(__file__).resolve().parents[2] / "resources" / "biomarkers" / "evidence_markers.tsv"
RULES = Path(__file__).resolve().parents[2] / "resources" / "escat_rules.tsv"


def cases(
    pack: Any, batch: case_files.Batch, samples: Rows, settings: Any = None
) -> list[case_files.Case]:
    """The tumors of a batch, as the rules judge them."""
    defining = defining_fusions.read(DEFINING)
    names = markers.load(MARKERS)
    return list(
        case_files.of_batch(batch, samples, index(pack), settings or Settings(), defining, names)
    )


def matched(
    variants: Rows,
    consequences: Rows,
    copy_number: Rows,
    fusions: Rows,
    samples: Rows,
    pack: Any,
    settings: Settings | dict[str, Any],
    **reads: Rows,
) -> Rows:
    """Rows of the table actionability of a batch."""
    thresholds = settings if isinstance(settings, Settings) else Settings.of(settings)
    batch = case_files.Batch(variants, consequences, copy_number, fusions, **reads)
    found = cases(pack, batch, samples, thresholds)
    return actionability.match(found, index(pack), thresholds, escat.read(RULES))

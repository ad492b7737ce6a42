"""Rows, packs and runs of the procedure of oncogenicity for its tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oncogene_builders import BuiltPack, consequence, variant

from apothecary.oncogenes import oncogenicity
from apothecary.oncogenes.sop import rules
from apothecary.oncogenes.sop.names import ONCOGENICITY_TABLES
from apothecary.oncogenes.sop.rules import Rules

ROOT = Path(__file__).resolve().parents[2]
PROCEDURE = {
    name: ROOT / "resources" / "oncogenicity" / f"{name}.tsv" for name in ONCOGENICITY_TABLES
}
FIELDS = "Consequence|SYMBOL|Feature|Protein_position|gnomADe_AF|am_class|REVEL|SpliceAI_pred_DS_AG"
CHROM, PLACE = "chr7", 140753336  # where the builder of variants puts one
POINTS = {"OVS1": 8, "OS1": 4, "OS2": 4, "OS3": 4, "SBVS1": -8, "SBS1": -4, "SBS2": -4}


def load() -> Rules:
    return rules.load(PROCEDURE)


def role(gene: str, name: str = "tumor_suppressor") -> dict[str, Any]:
    return {"gene": gene, "role": name, "source_id": "signalling_pathways"}


def mechanism(gene: str, name: str = "loss_of_function") -> dict[str, Any]:
    return {"gene": gene, "mechanism": name, "source_id": "cpsr_panel"}


def hotspot(gene: str, residue: str, change: str, samples: int) -> dict[str, Any]:
    return {
        "gene": gene,
        "residue": residue,
        "change": change,
        "samples": samples,
        "source_id": "cancerhotspots",
    }


def domain(gene: str, start: int, end: int) -> dict[str, Any]:
    return {"gene": gene, "start": start, "end": end, "source_id": "uniprot_domains"}


def pathogenic(gene: str, change: str) -> dict[str, Any]:
    return {
        "gene": gene,
        "change": change,
        "variant_id": "VAR_1",
        "conditions": ["Toy cancer"],
        "source_id": "uniprot_variants",
    }


def locus(gene: str, residue: str, pos: int = PLACE) -> dict[str, Any]:
    """A base whose change is pathogenic, where the builder puts a variant."""
    return {
        "chrom": CHROM,
        "pos": pos,
        "gene": gene,
        "residue": residue,
        "source_id": "cacao_clinvar",
    }


def common(frequency: float, ref: str = "A", alt: str = "T", pos: int = PLACE) -> dict[str, Any]:
    return {
        "chrom": CHROM,
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "frequency": frequency,
        "source_id": "peddy_1kg",
    }


def pack(**tables: list[dict[str, Any]]) -> BuiltPack:
    empty: dict[str, list[dict[str, Any]]] = {
        "gene_mechanisms": [],
        "functional_domains": [],
        "pathogenic_changes": [],
        "pathogenic_loci": [],
        "population_frequencies": [],
    }
    return BuiltPack(**{**empty, **tables})


def annotated(gene: str, af: str = "", am: str = "", revel: str = "", splice: str = "") -> str:
    """An annotation as the table variants has it; the frequency field is declared."""
    return f"CSQ:{FIELDS}:missense_variant|{gene}|ENST-{gene}||{af}|{am}|{revel}|{splice}"


def classify(
    change: str | None,
    terms: str = "missense_variant",
    gene: str = "TOY",
    knowledge: BuiltPack | None = None,
    config: dict[str, Any] | None = None,
    annotation: str | None = None,
    af: float | None = None,
    ref: str = "A",
    alt: str = "T",
    **more: Any,
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The class of one variant and its ledger by code.

    Without an annotation no population was looked at.
    """
    seen = variant(ref=ref, alt=alt, annotation=annotation, population_af=af)
    named = consequence(seen, gene, change, consequence=terms, **more)
    classes, ledger = oncogenicity.classify(
        [seen], [named], knowledge or pack(), PROCEDURE, config or {}
    )
    (row,) = classes
    return row, {line["code"]: line for line in ledger}


def codes(*args: Any, **more: Any) -> list[str]:
    """The codes that count for one variant."""
    row, _ = classify(*args, **more)
    return list(row["codes"])

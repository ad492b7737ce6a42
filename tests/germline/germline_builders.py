"""Packs, people and variants for the tests of germline findings."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from oncogene_builders import MINUS_START, PLUS_START, BuiltPack, variant

from apothecary import settings, sheets, tables
from apothecary.germline import findings
from apothecary.germline.findings import Batch
from apothecary.germline.names import GERMLINE_TABLES, SCORE_TABLES
from apothecary.oncogenes import consequence_facts
from apothecary.schemas import TABLES

Rows = list[dict[str, Any]]
ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
PROCEDURE: dict[str, Path | str] = {
    **{name: RESOURCES / "germline" / f"{name}.tsv" for name in GERMLINE_TABLES},
    **{name: RESOURCES / "oncogenicity" / f"{name}.tsv" for name in SCORE_TABLES},
}
_FACTS = ("chromosome_accessions", "classes", "mane_plus_clinical", "nmd_rules")
FIELDS = "Consequence|SYMBOL|Feature|EXON|HGVSp|Protein_position|MANE_SELECT|am_class"
BOTH = ("germline", "secondary_findings")
POS = PLUS_START + 10


def listed(gene: str, list_id: str = "predisposition", **changes: Any) -> dict[str, Any]:
    row = {
        "gene": gene,
        "list_id": list_id,
        "list_version": "3.1" if list_id == "acmg_sf" else "0",
        "condition": f"{gene} disease",
        "category": None,
        "inheritance": "AD",
        "report": "All P and LP" if list_id == "acmg_sf" else None,
        "source_id": "acmg_sf_3_1" if list_id == "acmg_sf" else "cpsr_panel",
    }
    return {**row, **changes}


def region(gene: str, start: int, chrom: str = "chr7") -> dict[str, Any]:
    return {
        "gene": gene,
        "chrom": chrom,
        "start": start,
        "end": start + 200,
        "transcript": f"T{gene}.1",
        "refseq": f"NM_{gene}.1",
        "start_grch37": start + 50_000,
        "end_grch37": start + 50_200,
    }


REGIONS = [region("PLUS", PLUS_START), region("MINUS", MINUS_START), region("EX", 9000, "chrX")]


def mechanism(gene: str, name: str = "loss_of_function") -> dict[str, Any]:
    return {"gene": gene, "mechanism": name, "source_id": "cpsr_panel"}


def rule(code: str, above: float, below: float | None = None, **changes: Any) -> dict[str, Any]:
    row = {
        "gene": "PLUS",
        "code": code,
        "rule_version": "1.0",
        "property": "FAF",
        "above": above,
        "above_included": False,
        "below": below,
        "below_included": None if below is None else False,
        "source_id": "clingen_vcep",
    }
    return {**row, **changes}


def pack(*lists: dict[str, Any], **more: Rows) -> BuiltPack:
    empty: dict[str, Rows] = {
        "gene_mechanisms": [mechanism("PLUS")],
        "functional_domains": [],
        "pathogenic_changes": [],
        "pathogenic_loci": [],
        "frequency_rules": [],
        "gene_regions": REGIONS,
    }
    genes = list(lists) or [listed("PLUS")]
    return BuiltPack(**{**empty, "germline_genes": genes, **more})


def csq(
    terms: str,
    gene: str = "PLUS",
    protein: str = "",
    exon: str = "",
    length: str = "",
    am: str = "",
    af: str = "",
) -> str:
    """The annotation of a variant in the MANE transcript; populations are a field where given."""
    values = [terms, gene, f"T{gene}.1", exon, protein, length, "NM_1.1", am]
    fields = FIELDS
    if af:
        fields, values = f"{FIELDS}|MAX_AF", [*values, af]
    return f"CSQ:{fields}:{'|'.join(values)}"


@lru_cache(maxsize=1)
def _checked() -> dict[str, Any]:
    schema = sheets.load_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    return dict(settings.check(yaml.safe_load("samples: x"), schema, "config.yaml"))


def config(reference: dict[str, Any] | None = None, **germline: Any) -> dict[str, Any]:
    checked = _checked()
    return {
        "germline": {**checked["germline"], **germline},
        "oncogenicity": checked["oncogenicity"],
        "reference": {**checked["reference"], **(reference or {})},
        "calling": {"chain": ""},
    }


def called(annotation: str | None = None, pos: int = POS, **changes: Any) -> dict[str, Any]:
    """A heterozygous variant of the person in the first gene."""
    place = {"chrom": "chr7", "pos": pos, "ref": "A", "alt": "T"}
    told = {"vaf": 0.5, "phase_set": None, "clinvar": None, "annotation": annotation}
    return variant(**{**place, **told, **changes})


def classify(
    variants: Rows,
    knowledge: BuiltPack | None = None,
    scopes: tuple[str, ...] = ("germline",),
    sex: str = "F",
    role: str = "germline",
    settings_of: dict[str, Any] | None = None,
) -> Rows:
    """Rows of the table of one person, in the order of their places."""
    sample = {"sample_id": "T1", "subject_id": "P1", "role": role, "sex": sex}
    consent = [{"subject_id": "P1", "scope": scope, "decision": "yes"} for scope in scopes]
    names = [RESOURCES / "consequences" / f"{name}.tsv" for name in _FACTS]
    with tempfile.TemporaryDirectory() as folder:
        found = list(
            findings.classify(
                Batch([sample], consent, variants),
                knowledge or pack(),
                PROCEDURE,
                consequence_facts.read(names),
                settings_of or config(),
                folder,
            )
        )
    return tables.to_arrow(TABLES["germline_findings"], found).to_pylist()


def only(*args: Any, **more: Any) -> dict[str, Any]:
    (row,) = classify(*args, **more)
    return row


def codes(*args: Any, **more: Any) -> list[str]:
    return list(only(*args, **more)["codes"])

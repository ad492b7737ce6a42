"""The FDA's tables of pharmacogenetic associations: as curated facts, and as downloaded CSV files.

The facts are read from a dated copy of the table and stand in `curation/fda_facts.tsv`: section,
subgroups, effects and action as fields. A user's own files take their place.

The files are three: associations that support therapeutic management, that may bear on safety or
response, and that bear on pharmacokinetics only. Each row names a medicine, a gene, the affected
subgroups and the interaction. The subgroups are read as keys only where they are nothing but a
list of phenotypes; any other wording stands as it is, beside the genotype.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.guidance import sanitised
from apothecary.knowledge.importers.upstream import Row, read_table, read_text

LINK = "https://www.fda.gov/medical-devices/precision-medicine/table-pharmacogenetic-associations"
SOURCE = "FDA"
UNDATED = "undated"
_COLUMNS = ("drug", "gene", "affected subgroups", "description of gene-drug interaction")
_SECTIONS = (
    ("therapeutic management", "Therapeutic management"),
    ("safety or response", "Safety or response"),
    ("pharmacokinetic", "Pharmacokinetics only"),
)
_FACTS = (
    "section",
    "drug",
    "gene",
    "subgroups",
    "keys",
    "alleles",
    "population",
    "effects",
    "action",
    "dose_change",
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "metabolizers": {
        "ultrarapid": ("Ultrarapid Metabolizer",),
        "rapid": ("Rapid Metabolizer",),
        "normal": ("Normal Metabolizer",),
        "intermediate": ("Intermediate Metabolizer",),
        "poor": ("Poor Metabolizer",),
    },
    "function transporters": {
        "intermediate": ("Decreased Function",),
        "decreased": ("Decreased Function",),
        "poor": ("Poor Function",),
    },
}
_BY_GENE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "G6PD": {"deficient": ("Deficient", "Deficient with CNSHA")}
}
_ALLELE = re.compile(r"(\*\d{2}:\d{2,3})(?: allele)? positive")
_GENOTYPE_FIRST = re.compile(r"[^()]*\(([^()]+)\)")


def import_associations(
    files: Iterable[Path | str], source_id: str, *, with_text: bool = False
) -> dict[str, list[Row]]:
    """Read the tables of associations.

    Args:
        files: CSV files; the name of each tells its section, and its date where it has one
            (YYYY-MM-DD).
        source_id: Source of every row.
        with_text: Whether the descriptions are taken over.

    Returns:
        Rows of the tables guidance, guidance_keys and guidance_text. The action is always
        see_guideline: the tables say what is affected, not what to do. Rows whose subgroups are
        not read have no key and carry the wording as their population.

    Raises:
        ResourceError: A file is no such table, or its name tells no section.
    """
    tables: dict[str, list[Row]] = {"guidance": [], "guidance_keys": [], "guidance_text": []}
    seen: set[tuple[str, str]] = set()
    for file in sorted(Path(file) for file in files):
        section = _section(file)
        dated = _DATE.search(file.name)
        for drug, gene, subgroups, description in _rows(file):
            genes = sorted({one.strip() for one in re.split(r"[,/]| and ", gene) if one.strip()})
            keys = keys_of(genes[0], subgroups) if len(genes) == 1 else ()
            own = _own(section, drug, gene, subgroups)
            if (own["guidance_id"], own["drug"]) in seen or not genes:
                continue
            seen.add((own["guidance_id"], own["drug"]))
            tables["guidance"].append(
                {
                    **own,
                    "drug_id": None,
                    "source": SOURCE,
                    "guideline_id": own["guidance_id"],
                    "guideline_version": dated.group() if dated else UNDATED,
                    "link": LINK,
                    "genes": genes,
                    "population": None if keys else subgroups,
                    "strength": section,
                    "action": "see_guideline",
                    "dose_change": None,
                    "effects": [],
                    "dosing_information": False,
                    "alternate_drug": False,
                    "other_guidance": False,
                    "pmids": [],
                    "source_id": source_id,
                }
            )
            tables["guidance_keys"] += [
                {**own, "gene": genes[0], "key": key, "key_kind": "value", "allele_count": None}
                for key in keys
            ]
            if with_text:
                text = {"text": sanitised(description), "implications": [], "source_id": source_id}
                tables["guidance_text"].append({**own, **text})
    return tables


def import_facts(path: Path | str, source_id: str, version: str) -> dict[str, list[Row]]:
    """Read the curated facts of the FDA's table.

    Args:
        path: `fda_facts.tsv`. `keys` are phenotypes, any of which fits; `alleles` are alleles with
            their number, as *3:2, all of which must fit; a row with neither has its subgroups as
            its population and is shown beside the genotype.
        source_id: Source of every row.
        version: Date of the table's content.

    Returns:
        Rows of the tables guidance and guidance_keys.

    Raises:
        ResourceError: The file is not such a table.
    """
    tables: dict[str, list[Row]] = {"guidance": [], "guidance_keys": [], "guidance_text": []}
    for fact in read_table(path, _FACTS):
        identity = ("section", "drug", "gene", "subgroups", "population")
        own = _own(*(fact[name] for name in identity))
        keys, alleles = (
            [text for text in fact[name].split("|") if text] for name in ("keys", "alleles")
        )
        tables["guidance"].append(
            {
                **own,
                "source": SOURCE,
                "drug_id": None,
                # Rows of one medicine and gene stand together: named alleles go before phenotypes.
                "guideline_id": f"FDA {fact['drug']} {fact['gene']}"
                if keys or alleles
                else own["guidance_id"],
                "guideline_version": version,
                "link": LINK,
                "genes": [fact["gene"]],
                "population": fact["population"]
                or (None if keys or alleles else fact["subgroups"]),
                "strength": fact["section"],
                "action": fact["action"],
                "dose_change": fact["dose_change"] or None,
                "effects": [text for text in fact["effects"].split("|") if text],
                "dosing_information": fact["action"] == "change_dose",
                "alternate_drug": fact["action"] in ("avoid", "alternative"),
                "other_guidance": fact["action"] == "monitor",
                "pmids": [],
                "source_id": source_id,
            }
        )
        shared = {**own, "gene": fact["gene"]}
        tables["guidance_keys"] += [
            {**shared, "key": key, "key_kind": "value", "allele_count": None} for key in keys
        ]
        tables["guidance_keys"] += [
            {**shared, "key": name, "key_kind": "allele", "allele_count": float(count)}
            for name, _, count in (text.rpartition(":") for text in alleles)
        ]
    return tables


def _own(section: str, drug: str, *rest: str) -> dict[str, str]:
    """Identifier of a row of the FDA's table, and its medicine."""
    digest = hashlib.sha256("\t".join((section, drug, *rest)).encode())
    return {"guidance_id": f"FDA-{digest.hexdigest()[:12]}", "drug": drug.lower()}


def keys_of(gene: str, subgroups: str) -> tuple[str, ...]:
    """The phenotypes that the wording of the subgroups names.

    Args:
        gene: The gene.
        subgroups: Such as `intermediate or poor metabolizers`, `*57:01 allele positive`, or
            `521 CC (poor function transporters)`.

    Returns:
        Keys of the guidance; empty when the wording is more than a list of phenotypes.
    """
    text = re.sub(r"\s+", " ", subgroups).strip().rstrip("+*.")
    allele = _ALLELE.fullmatch(text)
    if allele:
        return (f"{allele[1]} positive",)
    inner = _GENOTYPE_FIRST.fullmatch(text)
    for wording in (text, inner[1] if inner else ""):
        for noun, terms in _NAMED.items():
            if wording.lower().endswith(f" {noun}"):
                return _listed(wording.lower().removesuffix(f" {noun}"), terms)
    return _listed(text.lower(), _BY_GENE.get(gene, {}))


def _listed(text: str, terms: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    words = [word for word in re.split(r", or |, and |, | or | and ", text) if word]
    if not words or any(word not in terms for word in words):
        return ()
    return tuple(dict.fromkeys(term for word in words for term in terms[word]))


def _section(file: Path) -> str:
    name = re.sub(r"[_\s-]+", " ", file.name).lower()
    for part, section in _SECTIONS:
        if part in name:
            return section
    right = "a name with Therapeutic Management, Safety or Response, or Pharmacokinetic"
    raise ResourceError(Problem(str(file), "the name tells no section", right))


def _rows(file: Path) -> Iterable[tuple[str, str, str, str]]:
    reader = csv.reader(io.StringIO(read_text(file)))
    head = [re.sub(r"[^a-z -]", "", cell.lower()).strip() for cell in next(reader, [])]
    if not set(_COLUMNS) <= set(head):
        right = "the columns Drug, Gene, Affected Subgroups, Description of Gene-Drug Interaction"
        raise ResourceError(Problem(str(file), f"columns {', '.join(head) or 'none'}", right, 1))
    at = [head.index(column) for column in _COLUMNS]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            found = f"{len(cells)} columns"
            raise ResourceError(Problem(str(file), found, f"{len(head)} columns", reader.line_num))
        drug, gene, subgroups, description = (cells[i].strip() for i in at)
        yield drug, gene, subgroups, description

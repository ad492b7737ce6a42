"""Hereditary findings of a report: to act on, carried, of unknown meaning, not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.germline import inheritance, rules
from apothecary.reports import germline_lists
from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import fraction, unique

_TOLD = (inheritance.FINDING, inheritance.CARRIER)
Entry = dict[str, Any]


def germline(tables: SampleTables, shared: Context, build: str) -> dict[str, Any]:
    """What was found in the genes of hereditary disease that the person agreed to.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.
        build: Build of the input.

    Returns:
        The sections `germline`, `germline_uncertain` and `germline_genes` of the report model. Of
        what was not agreed to, nothing stands in them: neither a gene nor a number.
    """
    lists = germline_lists.agreed(tables, shared)
    if not lists:
        return nothing()
    # Consent is the join: a list that was not agreed to opens no row, whatever the table holds.
    names = {entry["list"] for entry in lists}
    rows = [row for row in tables.rows("germline_findings") if names.intersection(row["lists"])]
    told = sorted((row for row in rows if row["reported_as"] in _TOLD), key=_order)
    listed = sorted(
        (row for row in rows if row["reported_as"] == inheritance.UNCERTAIN), key=_order
    )
    found = {row["gene"] for row in told}
    findings = [_entry(row, lists, shared) for row in told]
    return {
        "germline": {
            "note": None if findings else _nothing_found(lists, shared),
            "lists": lists,
            "summary": _summary(rows, shared),
            "findings": findings,
        },
        "germline_uncertain": [_entry(row, lists, shared) for row in listed],
        "germline_genes": germline_lists.looked_at(tables, shared, lists, found, build),
    }


def nothing() -> dict[str, Any]:
    """The sections where nothing was looked at."""
    return {
        "germline": {"note": None, "lists": [], "summary": [], "findings": []},
        "germline_uncertain": [],
        "germline_genes": {"summary": [], "groups": []},
    }


def of_kind(section: Mapping[str, Any], kind: str) -> list[Entry]:
    """The entries of the section `germline` that are reported as a finding, or as a carrier."""
    return [entry for entry in section["findings"] if entry["reported_as"] == kind]


def list_names(section: Mapping[str, Any]) -> str:
    """The lists that were looked at, with their versions, in one text."""
    return "; ".join(entry["name"] for entry in section["lists"])


def _order(row: Row) -> tuple[bool, int, str, int]:
    reported = row["reported_as"] != inheritance.FINDING
    return reported, rules.CLASSES.index(row["decided_class"]), row["gene"], row["pos"]


def _nothing_found(lists: Sequence[Mapping[str, Any]], shared: Context) -> str:
    return shared.words("germline.none", lists="; ".join(entry["name"] for entry in lists))


def _summary(rows: Sequence[Row], shared: Context) -> list[str]:
    """What became of all the variants that were classified."""
    words = shared.words
    untold = [row for row in rows if row["reported_as"] is None]
    unclear = sum(row["decided_class"] == rules.UNCERTAIN for row in untold)
    counts = {
        "uncertain": unclear,
        "others": len(untold) - unclear,
        "unnamed": sum(not row["consequence"] for row in untold),
    }
    made = [words("germline.classified", count=len(rows))]
    return made + [words(f"germline.{key}", count=count) for key, count in counts.items() if count]


def _entry(row: Row, lists: Sequence[Mapping[str, Any]], shared: Context) -> Entry:
    words = shared.words
    place = ":".join(str(row[name]) for name in ("chrom", "pos", "ref", "alt", "gene"))
    reported = row["reported_as"] == inheritance.FINDING
    version = next((entry["version"] for entry in lists if entry["secondary"]), None)
    conditions = germline_lists.conditions(row, lists, shared)
    return {
        "finding": f"germline:{place}",
        "gene": row["gene"],
        "change": row["hgvs_p"] or row["hgvs_c"] or f"{row['ref']}>{row['alt']}",
        "position": f"{row['chrom']}:{row['pos']}",
        "ref": row["ref"],
        "alt": row["alt"],
        "transcript": row["transcript"] or None,
        "hgvs_c": row["hgvs_c"],
        "hgvs_p": row["hgvs_p"],
        "consequence": row["consequence"],
        "exon": row["exon"],
        "zygosity": row["zygosity"],
        "zygosity_words": words.term("zygosity", row["zygosity"]),
        "genotype": row["genotype"],
        "phase": row["phase"],
        "partners": list(row["partners"] or []),
        "depth": row["depth"],
        "vaf": fraction(row["vaf"]),
        "population_text": _population(row, shared),
        "class": row["decided_class"],
        "class_by_points": row["class"],
        "points": row["points"],
        "codes": list(row["codes"]),
        "points_text": words(
            "germline.points",
            classification=row["class"],
            points=row["points"],
            codes=", ".join(row["codes"]) or words("germline.no_code"),
        ),
        "decided_by": row["decided_by"],
        "clinvar_text": _clinvar(row, shared),
        "clinvar_conditions": list(row["clinvar_conditions"] or []),
        "disagreement": row["disagreement"],
        "condition": germline_lists.condition(conditions, shared),
        "conditions": conditions,
        "inheritance": row["inheritance"],
        "inheritance_words": words.term("inheritance", row["inheritance"] or "unknown"),
        "lists": list(row["lists"]),
        "secondary": row["secondary"],
        "secondary_words": words("germline.secondary") if row["secondary"] else None,
        "list_version": version if row["list_version"] else None,
        "list_text": _version(row["list_version"], version, shared),
        "reported_as": row["reported_as"],
        "reported_words": words.term("reported_as", row["reported_as"]),
        "reason": row["reason"],
        "confirm": steps_to_take(shared) if reported else [],
        "doubts": list(row["doubts"]),
        "ledger": _ledger(row, place),
        "not_assessed": list(row["not_assessed"]),
        "source_ids": list(row["source_ids"]),
    }


def steps_to_take(shared: Context) -> list[str]:
    """What every finding asks for before anyone acts on it."""
    return [shared.words(f"germline_todo.{key}") for key in _TODO]


_TODO = ("confirm", "counselling", "relatives")


def _version(of_gene: str | None, version: str | None, shared: Context) -> str | None:
    """The list of secondary findings with its version, and that which the gene is told by."""
    if not of_gene:
        return None
    if of_gene == version:
        return shared.words("germline.version", version=version)
    return shared.words("germline.version_of_gene", version=version, of_gene=of_gene)


def _ledger(row: Row, place: str) -> list[Entry]:
    columns = (row["codes"], row["code_points"], row["evidence"], row["code_sources"])
    return [
        {
            "finding": f"germline_code:{place}:{number}",
            "gene": row["gene"],
            "change": row["hgvs_p"] or row["hgvs_c"] or f"{row['ref']}>{row['alt']}",
            "code": code,
            "points": points,
            "evidence": evidence,
            "source": source,
        }
        for number, (code, points, evidence, source) in enumerate(zip(*columns, strict=True), 1)
    ]


def _population(row: Row, shared: Context) -> str | None:
    if row["population_af"] is None:
        return None
    share = f"{row['population_af']:.2g}"
    return shared.words("germline.population", share=share, source=row["frequency_source"])


def _clinvar(row: Row, shared: Context) -> str | None:
    """What ClinVar says, with its review; None where none is at hand."""
    if not row["clinvar_significance"]:
        return None
    review = row["clinvar_review"] or shared.words("germline.no_review")
    return shared.words(
        "germline.clinvar",
        significance=row["clinvar_significance"],
        review=review,
        stars=row["clinvar_stars"] if row["clinvar_stars"] is not None else 0,
    )


def headlines(section: Mapping[str, Any], shared: Context) -> list[tuple[str, str]]:
    """What the first page says of hereditary disease: weight and text.

    Args:
        section: The section `germline`.
        shared: What every report of the run shares.

    Returns:
        Nothing where nothing was agreed to; where nothing was found, the lists with their version.
    """
    if not section["lists"]:
        return []
    words, lines = shared.words, []
    found = of_kind(section, inheritance.FINDING)
    if found:
        names = ", ".join(unique(f"{e['gene']} {e['change']} ({e['class']})" for e in found))
        noun = words("noun.finding" if len(found) == 1 else "noun.findings")
        lines.append(
            ("act", words("headline.germline", count=len(found), noun=noun, findings=names))
        )
    carried = unique(entry["gene"] for entry in of_kind(section, inheritance.CARRIER))
    if carried:
        genes = ", ".join(carried)
        lines.append(("note", words("headline.germline_carrier", genes=genes)))
    if not found:
        lines.append(("none", words("headline.germline_none", lists=list_names(section))))
    elif any(entry["secondary"] for entry in found):
        lines.append(("note", words("headline.germline_lists", lists=list_names(section))))
    return lines


def counts(section: Mapping[str, Any]) -> list[Entry]:
    """How many findings and carrier states a person has by list agreed to, without a gene.

    Args:
        section: The section `germline`.
    """
    return [
        {
            "list": one["list"],
            "name": one["name"],
            **{
                f"{kind}s": sum(e["secondary"] == one["secondary"] for e in of_kind(section, kind))
                for kind in _TOLD
            },
        }
        for one in section["lists"]
    ]


def to_do(section: Mapping[str, Any]) -> list[Entry]:
    """The findings of the first page, each with what speaks for doubt; see `steps_to_take`.

    Args:
        section: The section `germline`.
    """
    return [
        {key: entry[key] for key in _FIRST_PAGE} for entry in of_kind(section, inheritance.FINDING)
    ]


_FIRST_PAGE = (
    "finding",
    "gene",
    "change",
    "class",
    "condition",
    "inheritance_words",
    "secondary_words",
    "list_text",
    "doubts",
)

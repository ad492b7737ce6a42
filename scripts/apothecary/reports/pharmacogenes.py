"""Pharmacogenes of a report: diplotypes, phenotypes and the positions they rest on."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from apothecary.pharmacogenes.phase_words import read_backed
from apothecary.pharmacogenes.unseen import FROM_SMALL_VARIANTS
from apothecary.reports.context import Context, Row, SampleTables, in_short
from apothecary.reports.text import fraction, unique

INDETERMINATE = "indeterminate"
"""Decision of a gene whose candidates do not reach the threshold."""
DIPLOTYPES_IN_TEXT = 4


def genes(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """One entry a gene: what was called, what it means and how sure the call is.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `genes` of the report model, by gene.
    """
    diplotypes = _by_gene(tables.rows("diplotypes"))
    phenotypes = _by_gene(tables.rows("phenotypes"))
    sites_of = _by_gene(tables.rows("sites"))
    names = sorted({*diplotypes, *phenotypes})
    return [
        _gene(name, diplotypes[name], phenotypes[name], read_backed(sites_of[name]), shared)
        for name in names
    ]


def _gene(
    gene: str, diplotypes: list[Row], phenotypes: list[Row], phase_reads: str, shared: Context
) -> dict[str, Any]:
    words = shared.words
    called = [row for row in diplotypes if row["diplotype"] and row["method"] != "not_called"]
    by_phenotype = unique(_phenotype(row) for row in phenotypes)
    methods = unique(row["method"] for row in (*diplotypes, *phenotypes))
    warnings = unique(text for row in diplotypes for text in row.get("warnings") or [])
    warnings += unique(row.get("conversion_reason") for row in phenotypes)
    decision = called[0].get("decision") if called else None
    if len(called) > 1 and _alternatives(gene, shared) and not decision:
        warnings.append(words("genes.ambiguous", count=len(called)))
    told = (row.get("reason") for row in (*diplotypes, *phenotypes))
    return {
        "finding": f"gene:{gene}",
        "gene": gene,
        "called": bool(called) or bool(_informative(phenotypes)),
        "diplotypes": [_diplotype(row, shared) for row in diplotypes],
        "phenotypes": [_phenotype_entry(row) for row in phenotypes],
        "decision": decision,
        "diplotype_text": _diplotype_text(gene, called, phenotypes, shared),
        "posterior_text": _posterior_text(called, shared),
        "credible_text": _credible_text(called, shared),
        "phenotype_text": words("genes.or").join(by_phenotype) or words("genes.no_call"),
        "activity_text": words("genes.or").join(unique(r["activity_score"] for r in phenotypes)),
        "functions_text": words("genes.or").join(unique(_functions(r) for r in phenotypes)),
        "answer_codes": unique(row.get("answer_code") for row in phenotypes),
        "phase": _phase(called),
        "phase_words": words.term("phase", _phase(called)),
        "phase_reads_text": phase_reads,
        "methods": methods,
        "method_text": ", ".join(words.term("method", method) for method in methods),
        "reasons": [in_short(text, shared) for text in unique(told)],
        "warnings": warnings,
    }


def _alternatives(gene: str, shared: Context) -> bool:
    """Whether several rows are alternatives; for a lowest-function gene they may stand together."""
    kind = shared.genes.get(gene, {}).get("kind")
    return kind != "lowest_function"


def _diplotype_text(gene: str, called: list[Row], phenotypes: list[Row], shared: Context) -> str:
    shown = _diplotypes_shown(gene, called, phenotypes, shared)
    if gene in shared.unseen and any(row["method"] in FROM_SMALL_VARIANTS for row in called):
        return shared.words("genes.small_variants_only", diplotypes=shown)
    return shown


def _diplotypes_shown(gene: str, called: list[Row], phenotypes: list[Row], shared: Context) -> str:
    words = shared.words
    texts = unique(row["diplotype"] for row in called)
    if not texts:
        texts = unique(row["lookup_diplotype"] for row in phenotypes)
    if not texts:
        return words("genes.no_call")
    if called and called[0].get("decision") == INDETERMINATE:
        return words("genes.indeterminate", diplotypes=_joined(texts, words("genes.or"), shared))
    joint = words("genes.or") if _alternatives(gene, shared) else "; "
    return _joined(texts, joint, shared)


def _joined(texts: list[str], joint: str, shared: Context) -> str:
    shown = joint.join(texts[:DIPLOTYPES_IN_TEXT])
    more = len(texts) - DIPLOTYPES_IN_TEXT
    return f"{shown}, {shared.words('genes.more', count=more)}" if more > 0 else shown


def _posterior_text(called: list[Row], shared: Context) -> str:
    """Posterior of the best diplotype and of its phenotype; empty for other methods."""
    if not called or called[0].get("posterior") is None:
        return ""
    best, phenotype = called[0]["posterior"], called[0].get("phenotype_posterior")
    return shared.words("genes.posterior", diplotype=fraction(best), phenotype=fraction(phenotype))


def _credible_text(called: list[Row], shared: Context) -> str:
    """The credible set with its posteriors; empty when it is the called diplotype alone."""
    credible = list(called[0].get("credible_set") or []) if called else []
    if len(credible) < 2:
        return ""
    return shared.words("genes.credible_set", diplotypes=_joined(credible, ", ", shared))


def _diplotype(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "rank": row["rank"],
        "diplotype": row["diplotype"],
        "allele_1": row.get("allele_1"),
        "allele_2": row.get("allele_2"),
        "score": row.get("score"),
        "posterior": fraction(row.get("posterior")),
        "phased": row["phased"],
        "effectively_phased": row["effectively_phased"],
        "method": row["method"],
        "method_words": shared.words.term("method", row["method"]),
        "reason": row.get("reason"),
        "supporting_sites": list(row.get("supporting_sites") or []),
        "warnings": list(row.get("warnings") or []),
    }


def _phenotype_entry(row: Row) -> dict[str, Any]:
    return {
        "rank": row["rank"],
        "lookup_diplotype": row.get("lookup_diplotype"),
        "function_1": row.get("function_1"),
        "function_2": row.get("function_2"),
        "activity_1": row.get("activity_1"),
        "activity_2": row.get("activity_2"),
        "activity_score": row.get("activity_score"),
        "phenotype": row.get("phenotype"),
        "posterior": fraction(row.get("posterior")),
        "converted_phenotype": row.get("converted_phenotype"),
        "converted_by": list(row.get("converted_by") or []),
        "converted_activity_score": row.get("converted_activity_score"),
        "conversion_reason": row.get("conversion_reason"),
        "answer_code": row.get("answer_code"),
        "reason": row.get("reason"),
    }


def _phenotype(row: Row) -> str | None:
    phenotype: str | None = row.get("phenotype")
    converted = row.get("converted_phenotype")
    if phenotype and converted:
        return f"{phenotype} → {converted} ({', '.join(row.get('converted_by') or [])})"
    return phenotype


def _functions(row: Row) -> str | None:
    functions = [row.get("function_1"), row.get("function_2")]
    given = [function for function in functions if function]
    return " + ".join(given) or None


def _informative(phenotypes: list[Row]) -> list[Row]:
    """Phenotype rows that rest on a call, made here or elsewhere."""
    return [row for row in phenotypes if row["method"] != "not_called"]


def _phase(called: list[Row]) -> str:
    if not called:
        return "not_applicable"
    if all(row["phased"] for row in called):
        return "phased"
    return "effectively_phased" if all(r["effectively_phased"] for r in called) else "unphased"


def sites(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The positions of each gene: those that differ, those read as reference, those not assessed.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `sites` of the report model, by gene. Positions are 1-based in GRCh38.
    """
    return [
        _gene_sites(gene, rows, shared)
        for gene, rows in sorted(_by_gene(tables.rows("sites")).items())
    ]


def _gene_sites(gene: str, rows: list[Row], shared: Context) -> dict[str, Any]:
    variants: list[dict[str, Any]] = []
    reference: list[str] = []
    missing: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["chrom"], row["pos"], row["position_id"])):
        if row["state"] == "not_assessed":
            missing[row.get("reason") or shared.words("not_assessed.no_reason")].append(
                position_name(row)
            )
        elif is_reference(row):
            reference.append(position_name(row))
        else:
            variants.append(_variant_site(row))
    unread = sum(len(names) for names in missing.values())
    summary = shared.words(
        "ui.position_ids",
        called=len(rows) - unread,
        positions=len(rows),
        variants=len(variants),
        missing=unread,
    )
    return {
        "gene": gene,
        "summary": summary,
        "positions": len(rows),
        "called": len(rows) - unread,
        "missing": unread,
        "variants": variants,
        "reference": reference,
        "not_assessed": [
            {"reason": reason, "positions": names} for reason, names in sorted(missing.items())
        ],
    }


def position_name(row: Row) -> str:
    """A position by its dbSNP identifier, or by chromosome and position where it has none."""
    return row.get("rsid") or f"{row['chrom']}:{row['pos']}"


def is_reference(row: Row) -> bool:
    """Whether a site that was assessed has no base other than the reference."""
    if row["state"] == "reference":
        return True
    alleles = [row.get("allele_1"), row.get("allele_2")]
    return all(allele in (None, row["ref"]) for allele in alleles) and not row.get("undocumented")


def _variant_site(row: Row) -> dict[str, Any]:
    between = "|" if row["phased"] else "/"
    alleles = [allele for allele in (row.get("allele_1"), row.get("allele_2")) if allele]
    return {
        "position_id": row["position_id"],
        "position": f"{row['chrom']}:{row['pos']}",
        "rsid": row.get("rsid"),
        "ref": row["ref"],
        "genotype": between.join(alleles),
        "phase_set": row.get("phase_set"),
        "phase_source": row.get("phase_source"),
        "phase_reads": row.get("phase_reads"),
        "undocumented": list(row.get("undocumented") or []),
        "depth": row.get("depth"),
        "gq": row.get("gq"),
        "reason": row.get("reason"),
    }


def _by_gene(rows: list[Row]) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["gene"], row.get("rank") or 0)):
        grouped[row["gene"]].append(row)
    return grouped

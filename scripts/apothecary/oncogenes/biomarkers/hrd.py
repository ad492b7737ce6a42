"""Hints of homologous recombination deficiency. A hint is no status: none is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy import stats

from apothecary.oncogenes.biomarkers import catalogues, counting, signatures, tmb
from apothecary.oncogenes.biomarkers.catalogues import Catalogue
from apothecary.oncogenes.findings import TRUNCATING_TERMS, Consequences

Row = Mapping[str, Any]
HINT = "hint"
NO_HINT = "no_hint"
GROUP = "HR_deficiency"
_LOST = frozenset({"loss", "loss_of_heterozygosity"})
_WHOLE = frozenset({"genome", "exome"})
_COVERAGE = 0.95


def assess(
    variants: Sequence[Row],
    consequences: Consequences,
    copy_number: Sequence[Row],
    signature_rows: Iterable[Row],
    indels: Catalogue,
    genes: Sequence[str],
    assay: str,
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The hints of a tumor.

    Args:
        variants: The variants that count.
        consequences: See `findings.by_locus`.
        copy_number: Its rows of the table copy_number.
        signature_rows: Its rows of the table signatures.
        indels: Its catalogue ID83.
        genes: Genes whose loss of both copies is a hint.
        assay: genome, exome or panel; what a panel covers is not known.
        settings: The part `biomarkers.hrd` of the configuration.

    Returns:
        Rows of the table biomarkers, without the sample.
    """
    return [
        _biallelic(variants, consequences, copy_number, genes, assay),
        _signatures(signature_rows),
        _microhomology(indels, settings),
    ]


def _biallelic(
    variants: Sequence[Row],
    consequences: Consequences,
    copy_number: Sequence[Row],
    genes: Sequence[str],
    assay: str,
) -> dict[str, Any]:
    states = {row["gene"]: row["state"] for row in copy_number}
    truncated = dict.fromkeys(genes, 0)
    for variant in variants:
        for gene in _truncated(variant, consequences) & truncated.keys():
            truncated[gene] += 1
    hit = [
        gene
        for gene in genes
        if states.get(gene) == "homozygous_deletion"
        or truncated[gene] > 1
        or (truncated[gene] and states.get(gene) in _LOST)
    ]
    method = f"both copies of {', '.join(genes)} truncated or lost, by somatic calls"
    named = any(counting.effect(variant, consequences) != counting.UNNAMED for variant in variants)
    if not named and not copy_number:
        reason = "the effect of variants is not known, and no copy number was given"
        return tmb.row("hrd_biallelic", "genes", "not_assessed", method, reason=reason)
    if not hit and assay not in _WHOLE:
        reason = (
            f"no copies are seen to be hit, but whether the {assay} covers the genes is not known"
        )
        return tmb.row("hrd_biallelic", "genes", "not_assessed", method, reason=reason)
    limits = [f"{gene}: both copies hit" for gene in hit]
    if not copy_number:
        limits.append("the loss of the other copy cannot be told: no copy number was given")
    limits.append("two truncations may be on one copy; germline variants are not looked at")
    return tmb.row(
        "hrd_biallelic",
        "genes",
        HINT if hit else NO_HINT,
        method,
        value=float(len(hit)),
        numerator=len(hit),
        denominator=float(len(genes)),
        denominator_source="genes of hrd_genes.tsv",
        reason="; ".join(limits),
    )


def _truncated(variant: Row, consequences: Consequences) -> set[str]:
    rows = consequences.get(counting.locus(variant), ())
    mane = {row["gene"] for row in rows if row["mane"]}
    return {
        row["gene"]
        for row in rows
        if (row["mane"] or row["gene"] not in mane)
        and TRUNCATING_TERMS.intersection((row["consequence"] or "").split("&"))
    }


def _signatures(signature_rows: Iterable[Row]) -> dict[str, Any]:
    rows = [row for row in signature_rows if row["catalogue"] != catalogues.DBS]
    method = "largest share of a signature that its source groups under HR deficiency"
    fitted = [row for row in rows if row["status"] != signatures.NOT_ASSESSED]
    if not fitted:
        reasons = "; ".join(f"{row['catalogue']}: {row['reason']}" for row in rows)
        return tmb.row("hrd_signatures", "fraction", "not_assessed", method, reason=reasons)
    of_group = [row for row in fitted if row["group"] == GROUP]
    best = max(of_group, key=lambda row: float(row["fraction"]), default=None)
    clear = [row["signature"] for row in of_group if row["status"] == signatures.ASSIGNED]
    names = {row["catalogue"] for row in rows} - {row["catalogue"] for row in fitted}
    limits = [f"{name} was not assessed" for name in sorted(names)]
    if of_group and not clear:
        limits.append("the bootstrap does not exclude that there is none")
    return tmb.row(
        "hrd_signatures",
        "fraction",
        HINT if clear else NO_HINT,
        method + (f": {best['signature']}" if best else ""),
        value=float(best["fraction"]) if best else 0.0,
        low=best["low"] if best else None,
        high=best["high"] if best else None,
        reason="; ".join(limits) or None,
    )


def _microhomology(indels: Catalogue, settings: Mapping[str, Any]) -> dict[str, Any]:
    long = {kind: n for kind, n in indels.counts.items() if ":Del:" in kind and kind[0] != "1"}
    total = sum(long.values())
    name, method = "hrd_microhomology", "share of deletions of 2 bases or more at microhomology"
    if total < settings["min_deletions"]:
        reason = f"{total} such deletions with a known context, fewer than "
        reason += str(settings["min_deletions"])
        return tmb.row(name, "fraction", "not_assessed", method, reason=reason)
    count = sum(n for kind, n in long.items() if ":M:" in kind)
    share = stats.binomtest(count, total).proportion_ci(_COVERAGE, method="exact")
    return tmb.row(
        name,
        "fraction",
        HINT if share.low >= settings["min_microhomology"] else NO_HINT,
        method,
        value=count / total,
        low=float(share.low),
        high=float(share.high),
        numerator=count,
        denominator=float(total),
        denominator_source="deletions of 2 bases or more",
    )

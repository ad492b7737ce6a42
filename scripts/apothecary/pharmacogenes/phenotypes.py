"""Functions, activity scores and phenotypes of diplotypes, in CPIC terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes import hla
from apothecary.pharmacogenes.definitions import Answer, Definitions, Function, Gene
from apothecary.pharmacogenes.lowest_function import lowest_pair
from apothecary.pharmacogenes.matcher import Match, components
from apothecary.pharmacogenes.outside import score_phenotype
from apothecary.pharmacogenes.unseen import remark

Row = dict[str, Any]

NO_RESULT = "No Result"
INDETERMINATE = "Indeterminate"
NOT_GIVEN = "n/a"

_STATUS = {
    hla.Carries.YES: "positive",
    hla.Carries.NO: "negative",
    hla.Carries.MAYBE: INDETERMINATE.lower(),
}
_COPIES = re.compile(r"^(?P<allele>.+)x(?P<copies>\d+)$")
_NONE = Function(None, None, None)


def assign(diplotypes_rows: Iterable[Mapping[str, Any]], definitions: Definitions) -> list[Row]:
    """Assign the phenotype of every diplotype.

    Args:
        diplotypes_rows: Rows of the table diplotypes.
        definitions: The pharmacogenes.

    Returns:
        Rows of the table phenotypes: one for each diplotype; one for a lowest-function gene, by
        the two alleles that are looked up; one for each allele whose presence matters of a gene
        that is looked up by allele status (HLA).
    """
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in diplotypes_rows:
        grouped[str(row["sample_id"]), str(row["gene"])].append(row)
    assigner = PhenotypeAssigner(definitions)
    rows: list[Row] = []
    for (sample_id, name), found in sorted(grouped.items()):
        made = assigner.assign(definitions.genes[name], found)
        rows += [{"sample_id": sample_id, **row} for row in made]
    return rows


class PhenotypeAssigner:
    """Assigns phenotypes, and remembers: equal diplotypes have equal phenotypes."""

    def __init__(self, definitions: Definitions) -> None:
        self._codes = definitions.answer_codes
        self._known: dict[tuple[object, ...], tuple[Row, ...]] = {}

    def assign(self, gene: Gene, rows: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
        """Rows of the table phenotypes for one gene of one sample, without sample_id.

        Args:
            gene: The gene.
            rows: Its rows of the table diplotypes.
        """
        key = (gene.name, *(_key(row) for row in rows))
        if key not in self._known:
            ranked = sorted(rows, key=lambda row: int(row["rank"]))
            self._known[key] = tuple(_assign_gene(gene, ranked, self._codes))
        return self._known[key]


def _key(row: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("rank", "diplotype", "allele_1", "allele_2", "method", "reason")
    others = ("outside_phenotype", "outside_activity_score", "phenotype_posterior")
    return (*(row[name] for name in names), *(row.get(name) for name in others))


def _assign_gene(
    gene: Gene, rows: Sequence[Mapping[str, Any]], codes: Mapping[str, str]
) -> list[Row]:
    if gene.settings.get("status_allele"):
        made = _allele_status(gene, rows)
    elif gene.kind == "lowest_function" and all(row["method"] == "compatible" for row in rows):
        made = [_lowest(gene, rows)]
    else:
        made = [_one(gene, row) for row in rows]
    return [
        {
            **row,
            "gene": gene.name,
            "rank": rank,
            "converted_phenotype": None,
            "converted_by": [],
            "answer_code": codes.get(str(row["phenotype"])),
            "reason": "; ".join(filter(None, (row["reason"], remark(gene, row)))) or None,
        }
        for rank, row in enumerate(made, start=1)
    ]


def _lowest(gene: Gene, rows: Sequence[Mapping[str, Any]]) -> Row:
    matches = [Match(row["allele_1"], row["allele_2"], row["score"] or 0) for row in rows]
    listed = all(row["diplotype"] == row["allele_1"] for row in rows)
    pair = lowest_pair(gene, matches, listed and not _haploid(gene, rows))
    if pair is None:
        return _row(rows[0], None, None, None, None, None)
    reason = None
    if len(rows) > 1 or any(len(components(n or "")) > 1 for m in matches for n in _names(m)):
        reason = "by the alleles of lowest function on each strand"
        if listed:
            reason = "strands not known: by the two alleles of lowest function"
    return _looked_up(gene, rows[0], pair[0], pair[1], reason)


def _haploid(gene: Gene, rows: Sequence[Mapping[str, Any]]) -> bool:
    return gene.chrom in ("chrX", "chrY", "chrM") and len(rows) == 1 and not rows[0]["allele_2"]


def _names(match_: Match) -> tuple[str | None, ...]:
    return (match_.allele_1, match_.allele_2)


def _one(gene: Gene, row: Mapping[str, Any]) -> Row:
    if row.get("outside_phenotype") or row.get("outside_activity_score"):
        return _told_outside(gene, row)
    if row["method"] == "not_called" and not row["allele_1"]:
        return _row(row, None, None, NO_RESULT, None, row["reason"])
    if row["allele_1"] is None:
        # Variants were found, but they do not settle what is looked up.
        return _row(row, None, None, INDETERMINATE, None, row["reason"])
    return _looked_up(gene, row, row["allele_1"], row["allele_2"], row["reason"])


def _looked_up(
    gene: Gene,
    row: Mapping[str, Any],
    first: str,
    second: str | None,
    reason: str | None,
) -> Row:
    names = [_lookup_name(gene, name) for name in (first, second) if name is not None]
    functions = [gene.functions.get(name, _NONE) for name in names]
    answer = find_answer(gene, names)
    if answer is not None:
        return _row(row, names, functions, answer.phenotype, answer, reason)
    if not gene.rules:
        why = "the sources give no phenotype for the gene"
        return _row(row, names, functions, NOT_GIVEN, None, reason or why)
    unknown = sorted({n for n in names if gene.functions.get(n, _NONE).lookup_key is None})
    why = f"no function is assigned to {', '.join(unknown)}" if unknown else "no rule for the pair"
    if gene.by_activity_score:
        answer = Answer(INDETERMINATE, NOT_GIVEN, NOT_GIVEN)
        return _row(row, names, functions, INDETERMINATE, answer, reason or why)
    answer = Answer(NOT_GIVEN, "", INDETERMINATE)
    return _row(row, names, functions, NOT_GIVEN, answer, reason or why)


def find_answer(gene: Gene, names: Sequence[str]) -> Answer | None:
    """The phenotype of one or two alleles, by the rules of the gene.

    Args:
        gene: The gene.
        names: One or two allele names.

    Returns:
        The answer, or None when an allele has no function or the pair has no rule.
    """
    first, second = [*sorted(names), ""][:2]
    exception = gene.exceptions.get((first, second))
    if exception is not None:
        return exception
    keys = [gene.functions.get(name, _NONE).lookup_key for name in names]
    if any(key is None for key in keys):
        return None
    low, high = [*sorted(str(key) for key in keys), ""][:2]
    return gene.rules.get((low, high))


def _lookup_name(gene: Gene, name: str) -> str:
    """The name that the function tables use: *1x3 is under *1x≥3."""
    if name in gene.functions:
        return name
    found = _COPIES.match(name)
    if found and int(found["copies"]) >= 3 and f"{found['allele']}x≥3" in gene.functions:
        return f"{found['allele']}x≥3"
    return name


def _told_outside(gene: Gene, row: Mapping[str, Any]) -> Row:
    """A phenotype or a score that was given wins over what the diplotype would give."""
    phenotype, score = row.get("outside_phenotype"), row.get("outside_activity_score")
    names = [_lookup_name(gene, n) for n in (row["allele_1"], row["allele_2"]) if n]
    functions = [gene.functions.get(name, _NONE) for name in names]
    own = find_answer(gene, names) if names else None
    reason = row["reason"]
    phenotype = phenotype or (score_phenotype(gene, score) if score else None) or INDETERMINATE
    if gene.by_activity_score and not score:
        scores = _scores(gene, phenotype)
        score = scores[0] if len(scores) == 1 else NOT_GIVEN
        if len(scores) > 1:
            reason = f"{reason}; the phenotype alone stands for the scores {', '.join(scores)}"
    key = str(score) if gene.by_activity_score else str(phenotype)
    answer = Answer(str(phenotype), score or "", key)
    if own is not None and own.phenotype != phenotype:
        reason = f"{reason}; the diplotype alone would be {own.phenotype}"
    return _row(row, names or None, functions, phenotype, answer, reason)


def _scores(gene: Gene, phenotype: str) -> list[str]:
    answers = (*gene.rules.values(), *gene.exceptions.values())
    return sorted({a.activity_score for a in answers if a.phenotype == phenotype})


def _allele_status(gene: Gene, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """One row for each allele whose presence or absence guidance asks for."""
    made = []
    for row in rows:
        told = row.get("outside_phenotype")
        if told:
            answer = Answer(told, "", told)
            made.append(_row(row, None, None, answer.phenotype, answer, row["reason"]))
            continue
        names = [name for name in (row["allele_1"], row["allele_2"]) if name]
        if not names:
            made.append(_row(row, None, None, NO_RESULT, None, row["reason"]))
            continue
        for allele in gene.settings["status_allele"]:
            found, why = hla.status((row["allele_1"], row["allele_2"]), allele)
            status = f"{allele} {_STATUS[found]}"
            known = None if found is hla.Carries.MAYBE else Answer(status, "", status)
            reason = "; ".join(filter(None, (row["reason"], why)))
            made.append(_row(row, names, None, status, known, reason or None))
    return made


def _row(
    row: Mapping[str, Any],
    names: Sequence[str] | None,
    functions: Sequence[Function] | None,
    phenotype: str | None,
    answer: Answer | None,
    reason: str | None,
) -> Row:
    pair = [*(names or ()), None, None][:2]
    made = [*(functions or ()), _NONE, _NONE][:2]
    return {
        "lookup_diplotype": "/".join(names) if names else None,
        "allele_1": pair[0],
        "allele_2": pair[1],
        "function_1": made[0].function,
        "function_2": made[1].function,
        "activity_1": made[0].activity,
        "activity_2": made[1].activity,
        "activity_score": (answer.activity_score or None) if answer else None,
        "phenotype": phenotype,
        "lookup_key": answer.lookup_key if answer else None,
        "posterior": row.get("phenotype_posterior"),
        "method": row["method"],
        "reason": reason,
    }

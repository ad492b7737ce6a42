"""The counts of persons of a run: partitions of its persons, and how they are tied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from apothecary import schemas
from apothecary.cohort.protection import Key, Partition, Tie, ties_between
from apothecary.reports.recommendations import severity
from apothecary.reports.tumor import tier_place
from apothecary.runs import Run

PERSONS, DIPLOTYPE, PHENOTYPE = "persons", "diplotype", "phenotype"
MEDICINE, TUMOR_TYPE, GENE_TIER = "medicine", "tumor_type", "gene_tier"
ALL, OTHER, TOTAL = "all", "other", "total"
NONE, SEVERAL, NOT_CALLED = "none", "several", "not called"
Row = Mapping[str, Any]


@dataclass
class Counts:
    """Counts of persons, and what is known to tie them.

    Attributes:
        persons: How many, by count.
        ties: Sums that are equal.
        fixed: The totals.
    """

    persons: Counter[Key] = field(default_factory=Counter)
    ties: list[Tie] = field(default_factory=list)
    fixed: set[Key] = field(default_factory=set)

    def add(self, partition: Partition, total: Key) -> None:
        """Count a partition of the persons of a total."""
        self.persons.update(partition.values())
        self.ties.append(Tie((total,), tuple(sorted(set(partition.values())))))

    def add_total(self, key: Key, persons: int) -> None:
        """Count a total, which is shown in any case."""
        self.persons[key] = persons
        self.fixed.add(key)


def of_run(run: Run, subjects: Collection[str], least: int) -> Counts:
    """All counts of a run, small ones among them.

    Args:
        run: The run.
        subjects: The persons to count.
        least: Smallest count that will be shown. Nothing is counted of fewer persons, and tumor
            types with fewer are one, `other`.

    Returns:
        The counts. A person counts once, however many samples there are: `several` where samples
        or possible calls differ.
    """
    counts = Counts()
    _pharmacogenes(counts, run, subjects, least)
    _tumors(counts, run, subjects, least)
    return counts


def _by_person(run: Run, rows: Iterable[Row], subjects: Collection[str]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        subject = run.samples[row["sample_id"]]["subject_id"]
        if subject in subjects:
            found[subject].append(row)
    return dict(found)


def _pharmacogenes(counts: Counts, run: Run, subjects: Collection[str], least: int) -> None:
    phenotypes = _by_person(run, run.rows(schemas.PHENOTYPES), subjects)
    diplotypes = _by_person(run, run.rows(schemas.DIPLOTYPES), subjects)
    guidance = _by_person(run, run.rows(schemas.RECOMMENDATIONS), subjects)
    persons = sorted(phenotypes.keys() | diplotypes.keys())
    total = (PERSONS, "", "", "pharmacogenes")
    if len(persons) < least:
        return
    counts.add_total(total, len(persons))
    of_gene: dict[str, list[Partition]] = {}
    for measure, rows in ((DIPLOTYPE, diplotypes), (PHENOTYPE, phenotypes)):
        for gene in sorted({row["gene"] for mine in rows.values() for row in mine}):
            partition: Partition = {
                person: (measure, "", gene, _called(rows.get(person, ()), gene, measure))
                for person in persons
            }
            counts.add(partition, total)
            of_gene.setdefault(gene, []).append(partition)
    of_drug: dict[str, Partition] = {}
    genes_of: defaultdict[str, set[str]] = defaultdict(set)
    for row in (row for mine in guidance.values() for row in mine):
        genes_of[row["drug"]].update(row["genes"])
    for drug in sorted(genes_of):
        of_drug[drug] = {
            person: (MEDICINE, "", drug, _action(guidance.get(person, ()), drug))
            for person in persons
        }
        counts.add(of_drug[drug], total)
    for partitions in of_gene.values():
        for pair in combinations(partitions, 2):
            counts.ties += ties_between(*pair)
    for drug, genes in genes_of.items():
        for partition in (p for gene in sorted(genes) for p in of_gene.get(gene, ())):
            counts.ties += ties_between(partition, of_drug[drug])
    for one, other in combinations(sorted(genes_of), 2):
        if genes_of[one] & genes_of[other]:
            counts.ties += ties_between(of_drug[one], of_drug[other])


def _called(rows: Iterable[Row], gene: str, column: str) -> str:
    found = {row[column] for row in rows if row["gene"] == gene} - {None, ""}
    if len(found) > 1:
        return SEVERAL
    return str(found.pop()) if found else NOT_CALLED


def _action(rows: Iterable[Row], drug: str) -> str:
    actions = {row["action"] for row in rows if row["drug"] == drug}
    return min(actions, key=lambda action: (severity(action), action), default=NONE)


def _tumors(counts: Counts, run: Run, subjects: Collection[str], least: int) -> None:
    found = _by_person(run, run.rows(schemas.ACTIONABILITY), subjects)
    failed = {row["sample_id"] for row in run.rows(schemas.OUTCOMES) if row["status"] == "failed"}
    read = [
        sample
        for name, sample in run.samples.items()
        if sample["role"] == "tumor" and sample["subject_id"] in subjects and name not in failed
    ]
    types: defaultdict[str, set[str]] = defaultdict(set)
    for sample in read:
        types[sample["subject_id"]].add(sample["tumor_type"] or NONE)
    if len(types) < least:
        return
    total = (PERSONS, "", "", "tumors")
    counts.add_total(total, len(types))
    type_of = _recoded(
        {who: mine.copy().pop() if len(mine) == 1 else SEVERAL for who, mine in types.items()},
        least,
    )
    of_type = {person: (TUMOR_TYPE, "", "", kind) for person, kind in type_of.items()}
    counts.add(of_type, total)
    counts.fixed.update(of_type.values())
    genes = sorted({row["gene"] for mine in found.values() for row in mine})
    for gene in genes:
        tiers = {person: _tier(found.get(person, ()), gene) for person in sorted(type_of)}
        whole = {person: (GENE_TIER, ALL, gene, tier) for person, tier in tiers.items()}
        parts = {p: (GENE_TIER, type_of[p], gene, tier) for p, tier in tiers.items()}
        counts.add(whole, total)
        counts.persons.update(parts.values())
        counts.ties += ties_between(of_type, parts) + ties_between(whole, parts)


def _recoded(type_of: Mapping[str, str], least: int) -> dict[str, str]:
    """Tumor types, those of too few persons joined to one that has enough."""
    counts = Counter(type_of.values())
    ordered = sorted(counts, key=lambda kind: (counts[kind], kind))
    joined: set[str] = set()
    for kind in ordered:
        together = sum(counts[name] for name in joined)
        if counts[kind] >= least and (not joined or together >= least):
            break
        joined.add(kind)
    return {person: OTHER if kind in joined else kind for person, kind in type_of.items()}


def _tier(rows: Sequence[Row], gene: str) -> str:
    tiers = {row["tier"] for row in rows if row["gene"] == gene}
    return min(tiers, key=lambda tier: (tier_place(tier), tier), default=NONE)

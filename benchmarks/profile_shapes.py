"""Which molecular profiles of the evidence can be met, by what must be given for it.

    python benchmarks/profile_shapes.py

For each kind of component: in how many profiles it stands and in how many items, and what of a
tumor meets it. Then: how many profiles and items can be met from small variants alone, with copy
number, with fusions, with reads (an unaltered gene, or what must not be there), and not at all.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import chain, combinations
from pathlib import Path

from apothecary.oncogenes import profiles
from apothecary.oncogenes.profiles import Component, Joined, Not, Profile

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "resources" / "knowledge" / "civic_evidence.tsv"
VARIANTS, COPIES, FUSIONS, READS = "small variants", "copy number", "fusions", "reads"
INPUTS = (VARIANTS, COPIES, FUSIONS, READS)
MET_BY = {
    profiles.AMPLIFICATION: (COPIES,),
    profiles.COPY_NUMBER: (COPIES,),
    profiles.DELETION: (COPIES,),
    profiles.HETEROZYGOSITY: (COPIES,),
    profiles.ALLELE_LOSS: (COPIES,),
    profiles.LOSS_OF_FUNCTION: (VARIANTS, COPIES),
    profiles.FUSION: (FUSIONS,),
    profiles.REARRANGEMENT: (FUSIONS,),
    profiles.WILDTYPE: (READS,),
}


def met_by(component: Component) -> tuple[str, ...]:
    """The inputs of which any can meet a component; none for what DNA does not tell."""
    if component.kind in profiles.NOT_ASSESSABLE or component.what.startswith("e"):
        return ()
    return MET_BY.get(component.kind, (VARIANTS,))


def can_be_met(profile: Profile, given: frozenset[str]) -> bool:
    """Whether some tumor with these inputs can meet a profile."""
    if isinstance(profile, Component):
        return bool(given.intersection(met_by(profile)))
    if isinstance(profile, Not):
        return READS in given or COPIES in given or FUSIONS in given
    assert isinstance(profile, Joined)
    answers = [can_be_met(operand, given) for operand in profile.operands]
    return all(answers) if profile.operator == "AND" else any(answers)


def needed(profile: Profile) -> str:
    """The fewest inputs that a profile can be met with."""
    sets = chain.from_iterable(combinations(INPUTS, size) for size in range(1, len(INPUTS) + 1))
    for given in sets:
        if can_be_met(profile, frozenset(given)):
            return " and ".join(given)
    return "not from what is read"


def main() -> None:
    """Count, and print."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        items = Counter(row["molecular_profile"] for row in csv.DictReader(stream, delimiter="\t"))
    parsed = {name: profiles.parse(name) for name in items}
    of_kind: Counter[str] = Counter()
    items_of_kind: Counter[str] = Counter()
    by: dict[str, tuple[str, ...]] = {}
    for name, profile in parsed.items():
        found = {component.kind: component for component in profiles.components(profile)}
        for kind, component in found.items():
            of_kind[kind] += 1
            items_of_kind[kind] += items[name]
            by.setdefault(kind, met_by(component))
    print(f"{len(items)} profiles, {sum(items.values())} items\n")
    print("| component | profiles | items | met by |\n|---|---|---|---|")
    for kind, count in of_kind.most_common():
        told = " or ".join(by[kind]) or "nothing that is read"
        print(f"| {kind.replace('_', ' ')} | {count} | {items_of_kind[kind]} | {told} |")
    needs = {name: needed(profile) for name, profile in parsed.items()}
    print("\n| what must be given | profiles | items |\n|---|---|---|")
    for need, count in Counter(needs.values()).most_common():
        print(f"| {need} | {count} | {sum(items[n] for n in needs if needs[n] == need)} |")


if __name__ == "__main__":
    main()

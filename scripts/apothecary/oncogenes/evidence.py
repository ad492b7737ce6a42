"""The evidence of a knowledge pack, indexed for matching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import findings, profiles, tumor_types
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.exons import Exons
from apothecary.oncogenes.known import KnownVariants
from apothecary.oncogenes.profiles import Profile
from apothecary.oncogenes.tumor_types import TumorTypes


@dataclass(frozen=True)
class Evidence:
    """The evidence of a pack, indexed once for all tumors.

    Attributes:
        profiles: Each molecular profile, parsed, by its name.
        by_gene: Names of the profiles that look at a gene.
        of_markers: Names of the profiles that look at a marker of the whole tumor.
        items: Evidence rows of each profile; flagged ones are left out.
        genes: Cancer genes: with evidence, a role or a hotspot.
        fusions: 5' and 3' genes that profiles ask for.
        types: Tumor types.
        known: Known variants.
        regions: Where the cancer genes lie.
        exons: Where exons lie.
        recurrent, ranges, suppressors: See `finding_match.Tumor`.
        licences: Licence of each source.
        approvals: Rows of the table imported_approvals.
        wildtypes: Names of the profiles that ask for an unaltered gene.
        common: Frequency of common variants in the population, by chromosome, 1-based position,
            reference and alternate bases in GRCh38.
    """

    profiles: Mapping[str, Profile]
    by_gene: Mapping[str, Sequence[str]]
    of_markers: Sequence[str]
    items: Mapping[str, Sequence[Mapping[str, Any]]]
    genes: frozenset[str]
    fusions: frozenset[tuple[str, str]]
    types: TumorTypes
    known: KnownVariants
    regions: findings.Regions
    exons: Exons
    recurrent: frozenset[tuple[str, str]]
    ranges: Mapping[str, Sequence[tuple[int, int]]]
    suppressors: frozenset[str]
    licences: Mapping[str, str]
    approvals: Sequence[Mapping[str, Any]]
    wildtypes: frozenset[str]
    common: Mapping[tuple[str, int, str, str], float]

    def distance(self, code: str | None, item: Mapping[str, Any]) -> str:
        """How near a tumor type is to the disease of an item; see `tumor_types.TumorTypes`.

        Args:
            code: OncoTree code of the sample; None or empty when it is not known.
            item: Evidence of CIViC, or imported evidence or an approval, which have a code.
        """
        if "oncotree_code" in item:
            return self.types.of_code(code, item["oncotree_code"] or "", item["disease"])
        return self.types.distance(code, item["doid"], item["disease"])


def index(pack: Knowledge, chain: str = "") -> Evidence:
    """Index the evidence of a pack; about a tenth of a second.

    Args:
        pack: The knowledge pack.
        chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known.
    """
    items: dict[str, list[Mapping[str, Any]]] = {}
    for row in pack.rows("civic_evidence"):
        of_profile = items.setdefault(row["molecular_profile"], [])
        if not row["flagged"]:
            of_profile.append(row)
    for row in pack.rows("imported_evidence"):
        items.setdefault(row["molecular_profile"], []).append(row)
    parsed = {name: profiles.parse(name) for name in sorted(items)}
    by_gene: dict[str, list[str]] = {}
    fusions: set[tuple[str, str]] = set()
    for name, profile in parsed.items():
        asked = [*profiles.components(profile)]
        for gene in sorted({g for c in asked for g in profiles.genes(c)}):
            by_gene.setdefault(gene, []).append(name)
        fusions.update(c.partners for c in asked if c.partners)
    wildtypes = frozenset(
        name
        for name, profile in parsed.items()
        if any(c.kind == profiles.WILDTYPE for c in profiles.components(profile))
    )
    recurrent, ranges = _recurrent(pack.rows("hotspot_residues"))
    roles = pack.rows("gene_roles")
    genes = frozenset(by_gene) | {row["gene"] for row in roles} | {gene for gene, _ in recurrent}
    of_markers = [
        name
        for name, profile in parsed.items()
        if any(c.kind == profiles.SIGNATURE for c in profiles.components(profile))
    ]
    return Evidence(
        parsed,
        by_gene,
        of_markers,
        items,
        genes,
        frozenset(fusions),
        tumor_types.load(pack.rows("oncotree"), pack.rows("diseases")),
        KnownVariants(pack.rows("known_variants"), chain),
        findings.Regions(pack.rows("gene_regions"), genes),
        Exons(pack.rows("exons")),
        recurrent,
        ranges,
        frozenset(row["gene"] for row in roles if row["role"] == "tumor_suppressor"),
        {row["source_id"]: row["licence"] for row in pack.rows("sources")},
        pack.rows("imported_approvals"),
        wildtypes,
        {
            (row["chrom"], row["pos"], row["ref"], row["alt"]): row["frequency"]
            for row in pack.rows("population_frequencies")
        },
    )


def _recurrent(
    rows: Iterable[Mapping[str, Any]],
) -> tuple[frozenset[tuple[str, str]], dict[str, list[tuple[int, int]]]]:
    """Residues with recurrent substitutions, and stretches with recurrent in-frame indels."""
    residues: set[tuple[str, str]] = set()
    ranges: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        first, _, last = row["residue"].partition("-")
        if row["residue"][:1].isalpha():
            residues.add((row["gene"], row["residue"]))
        elif first.isdigit() and (last or first).isdigit():
            span = (int(first), int(last or first))
            of_gene = ranges.setdefault(row["gene"], [])
            if span not in of_gene:
                of_gene.append(span)
    return frozenset(residues), ranges

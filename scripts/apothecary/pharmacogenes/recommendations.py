"""Guidance of CPIC and DPWG that the phenotypes of a sample lead to, side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from apothecary.pharmacogenes.definitions import TableSource
from apothecary.pharmacogenes.hla import Carries, carries
from apothecary.pharmacogenes.lookup_options import (
    Option,
    clinical_options,
    gene_options,
    no_result,
)
from apothecary.pharmacogenes.phenotypes import NO_RESULT
from apothecary.pharmacogenes.whole_guidelines import NOT_CALLED, Genotypes, genotypes

Row = dict[str, Any]


@dataclass(frozen=True)
class Lookup:
    """What the guidance of one source for one medicine is looked up by; equal ones match equally.

    Attributes:
        drug: The medicine.
        source: CPIC, DPWG or FDA.
        options: For each gene of the guidance, what it may be looked up by.
        taken: Whether the person takes the medicine.
        genotypes: What a guideline without keyed recommendations is read with.
        clinical: The genes whose phenotype other medicines taken have converted.
    """

    drug: str
    source: str
    options: tuple[tuple[Option, ...], ...]
    taken: bool
    genotypes: Genotypes = ()
    clinical: tuple[str, ...] = ()


class Guidance:
    """The guidance of a pack, grouped by medicine and source."""

    def __init__(self, pack: TableSource) -> None:
        self._texts = {(r["guidance_id"], r["drug"]): r for r in pack.rows("guidance_text")}
        self._licences = {r["source_id"]: r["licence"] for r in pack.rows("sources")}
        keys: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in pack.rows("guidance_keys"):
            keys[row["guidance_id"], row["drug"]][row["gene"]].append(row)
        self._keys = {pair: dict(by_gene) for pair, by_gene in keys.items()}
        groups: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in pack.rows("guidance"):
            groups[row["drug"], row["source"]][row["guideline_id"]].append(row)
        self._groups = {pair: groups[pair] for pair in sorted(groups)}
        self._genes = {
            pair: sorted({g for rows in group.values() for row in rows for g in row["genes"]})
            for pair, group in self._groups.items()
        }
        self._whole = {
            pair: sorted({gene for row in rows for gene in row["genes"]})
            for pair, group in self._groups.items()
            if (rows := [r for found in group.values() for r in found if self._unkeyed(r)])
        }

    def _unkeyed(self, row: Row) -> bool:
        """Whether no result looks the row up: it stands for its whole guideline."""
        return (row["guidance_id"], row["drug"]) not in self._keys

    def lookups(
        self,
        phenotypes: Mapping[str, Sequence[Mapping[str, Any]]],
        taken: frozenset[str],
        positions: Mapping[str, Genotypes] | None = None,
    ) -> Iterator[Lookup]:
        """What the guidance of every medicine and source is looked up by, for one sample.

        Where medicines taken convert a phenotype, a second lookup follows, by the clinical one. A
        medicine does not convert the phenotype for its own guidance, which knows its effect.

        Args:
            phenotypes: Rows of the table phenotypes of the sample, by gene.
            taken: Medicines that the person takes, in lower case.
            positions: Genotypes of positions that define no allele, by gene.

        Yields:
            Lookups in the order of medicine and source; those of no called gene are left out.
        """
        options = {gene: gene_options(gene, rows) for gene, rows in phenotypes.items()}
        for gene in {gene for genes in self._genes.values() for gene in genes} - set(options):
            options[gene] = (no_result(gene),)
        convertible = {
            gene
            for gene, rows in phenotypes.items()
            if any(row.get("converted_phenotype") for row in rows)
        }
        for (drug, source), genes in self._genes.items():
            chosen = tuple(options[gene] for gene in genes)
            whole = self._whole.get((drug, source), ())
            read_with = genotypes(whole, phenotypes, positions or {})
            if read_with or any(option.called for choices in chosen for option in choices):
                yield Lookup(drug, source, chosen, drug in taken, read_with)
            converted = {
                gene: clinical
                for gene in genes
                if gene in convertible
                and (clinical := clinical_options(gene, phenotypes[gene], drug))
            }
            if converted:
                pairs = zip(genes, chosen, strict=True)
                clinical_chosen = tuple(converted.get(gene, choices) for gene, choices in pairs)
                yield Lookup(
                    drug, source, clinical_chosen, drug in taken, clinical=tuple(converted)
                )

    def rows(self, lookup: Lookup) -> list[Row]:
        """Rows of the table recommendations without sample_id, for one medicine and source."""
        genes = self._genes[lookup.drug, lookup.source]
        by_gene = dict(zip(genes, lookup.options, strict=True))
        rows = self._match(lookup, by_gene)
        if lookup.clinical:
            # A guideline that looks at none of the converted genes has told all it has already.
            rows = [row for row in rows if not set(lookup.clinical).isdisjoint(row["genes"])]
        clinical = {"by_clinical_phenotype": bool(lookup.clinical)}
        return [{**row, **clinical, "rank": rank} for rank, row in enumerate(rows, start=1)]

    def _match(self, lookup: Lookup, options: Mapping[str, Sequence[Option]]) -> list[Row]:
        rows: list[Row] = []
        drug, source = lookup.drug, lookup.source
        for _, group in sorted(self._groups[drug, source].items()):
            genes = sorted({gene for row in group for gene in row["genes"]})
            found: dict[tuple[str, str], dict[tuple[Option, ...], Row]] = defaultdict(dict)
            for chosen in product(*(options[gene] for gene in genes)):
                for row in self._fitting(group, chosen):
                    used = self._used(row, chosen)
                    made = self._row(row, used)
                    found[made["guidance_id"], made["lookup"]].setdefault(used, made)
            rows += sorted((_together(list(same.values())) for same in found.values()), key=_order)
            if lookup.genotypes:
                whole = (self._whole_row(r, lookup.genotypes) for r in group if self._unkeyed(r))
                rows += [made for made in whole if made is not None]
        shared = {"drug": drug, "source": source, "taken": lookup.taken}
        return [{**shared, **row, "rank": rank} for rank, row in enumerate(rows, start=1)]

    def _fitting(self, group: Sequence[Row], chosen: Sequence[Option]) -> list[Row]:
        """The recommendations that fit; those for named alleles displace those for a phenotype.

        One for a gene without result gives way to one by a status of the gene that is known.
        """
        by_gene = {option.gene: option for option in chosen}
        fitting: list[tuple[bool, Row]] = []
        without_result: list[Row] = []
        for row in group:
            by_allele = False
            keys = self._keys.get((row["guidance_id"], row["drug"]))
            if keys is None or set(keys) - set(by_gene):
                continue
            for gene, wanted in keys.items():
                fits, allele = _fits(by_gene[gene], wanted)
                by_allele = by_allele or allele
                if not fits:
                    break
            else:
                used = [by_gene[gene] for gene in keys]
                if not any(option.called for option in used):
                    continue
                if any(by_gene[g].called and _asks_no_result(k) for g, k in keys.items()):
                    without_result.append(row)
                else:
                    fitting.append((by_allele, row))
        specific = [row for by_allele, row in fitting if by_allele]
        return specific or [row for _, row in fitting] or without_result

    def _used(self, row: Row, chosen: Sequence[Option]) -> tuple[Option, ...]:
        keys = self._keys[row["guidance_id"], row["drug"]]
        return tuple(option for option in chosen if option.gene in keys)

    def _row(self, row: Row, used: Sequence[Option]) -> Row:
        keys = self._keys[row["guidance_id"], row["drug"]]
        lookup = [
            f"{option.gene}={key['key']}"
            for option in used
            for key in sorted(keys[option.gene], key=lambda k: str(k["key"]))
            if key["key_kind"] == "allele" or key["key"] in option.keys or _has(option, key["key"])
        ]
        return {
            "genes": sorted(keys),
            "lookup": ";".join(lookup),
            "diplotypes": [f"{o.gene} {name}" for o in used for name in o.diplotypes],
            "phenotypes": [f"{o.gene} {name}" for o in used for name in o.phenotypes],
            "posterior": _posterior(used, keys),
            **self._told(row),
        }

    def _whole_row(self, row: Row, genotypes: Genotypes) -> Row | None:
        """The row of a guideline without keyed recommendations, with what it is read with."""
        read_with = [(name, text) for gene, name, text in genotypes if gene in row["genes"]]
        if all(text == NOT_CALLED for name, text in read_with if name in row["genes"]):
            return None
        return {
            "genes": sorted(row["genes"]),
            "lookup": ";".join(f"{name}={genotype}" for name, genotype in read_with),
            "diplotypes": [f"{name} {genotype}" for name, genotype in read_with],
            "phenotypes": [],
            **self._told(row),
        }

    def _told(self, row: Row) -> Row:
        """What the guidance says, whatever led to it."""
        text = self._texts.get((row["guidance_id"], row["drug"]))
        return {
            "guidance_id": row["guidance_id"],
            "population": row["population"],
            "strength": row["strength"],
            "action": row["action"],
            "dose_change": row["dose_change"],
            "effects": list(row.get("effects") or ()),
            "dosing_information": row["dosing_information"],
            "alternate_drug": row["alternate_drug"],
            "other_guidance": row["other_guidance"],
            "implications": list(text["implications"] or ()) if text else [],
            "text": text["text"] if text else None,
            "guideline_id": row["guideline_id"],
            "guideline_version": row["guideline_version"],
            "link": row["link"],
            "licence": self._licences[row["source_id"]],
        }


def match(
    phenotypes_rows: Iterable[Mapping[str, Any]],
    pack: TableSource,
    medicines: Mapping[str, Iterable[str]] | None = None,
    positions: Mapping[str, Mapping[str, Genotypes]] | None = None,
) -> list[Row]:
    """Match guidance to the phenotypes of every sample.

    A gene with several diplotypes of one phenotype gives one recommendation; with different
    phenotypes, one each, the likeliest first, with the posterior of all that lead to it. A gene
    without a call is looked up as No Result where a guideline for several genes has such an entry.

    Args:
        phenotypes_rows: Rows of the table phenotypes.
        pack: The knowledge pack (tables guidance, guidance_keys, guidance_text).
        medicines: Medicines that each sample's person takes, by sample_id.
        positions: Genotypes of positions that define no allele, by sample_id and gene.

    Returns:
        Rows of the table recommendations.
    """
    guidance = Guidance(pack)
    by_sample: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(dict)
    for row in phenotypes_rows:
        by_sample[str(row["sample_id"])].setdefault(str(row["gene"]), []).append(row)
    known: dict[Lookup, list[Row]] = {}
    rows: list[Row] = []
    for sample_id in sorted(by_sample):
        taken = frozenset(name.strip().lower() for name in (medicines or {}).get(sample_id, ()))
        shown = (positions or {}).get(sample_id, {})
        last: dict[tuple[str, str], int] = defaultdict(int)
        for lookup in guidance.lookups(by_sample[sample_id], taken, shown):
            if lookup not in known:
                known[lookup] = guidance.rows(lookup)
            pair = (lookup.drug, lookup.source)
            rows += [
                {"sample_id": sample_id, **row, "rank": row["rank"] + last[pair]}
                for row in known[lookup]
            ]
            last[pair] += len(known[lookup])
    return rows


def _posterior(used: Sequence[Option], keys: Mapping[str, Sequence[Row]]) -> float | None:
    """Probability that the keys of all genes hold; genes without one are taken as sure.

    It is not known where the guidance names alleles that only some pairs of a phenotype have.
    """
    for option in used:
        alleles = _alleles(keys[option.gene])
        if alleles and not all(_has_alleles(pair, alleles) for pair in option.alleles):
            return None
    known = [option.posterior for option in used if option.posterior is not None]
    return round(math.prod(known), 4) if known else None


def _together(same: Sequence[Row]) -> Row:
    """One recommendation that several phenotypes or scores lead to: their posteriors add up."""
    posteriors = [row["posterior"] for row in same]
    known = [value for value in posteriors if value is not None]
    return {
        **same[0],
        "diplotypes": list(dict.fromkeys(name for row in same for name in row["diplotypes"])),
        "phenotypes": list(dict.fromkeys(name for row in same for name in row["phenotypes"])),
        "posterior": min(round(sum(known), 4), 1.0) if len(known) == len(posteriors) else None,
    }


def _order(row: Row) -> tuple[float, str, str]:
    """The likeliest first."""
    return -(row["posterior"] or 0.0), row["guidance_id"], row["lookup"]


def _asks_no_result(wanted: Sequence[Row]) -> bool:
    return any(key["key"] == NO_RESULT for key in wanted)


def _fits(option: Option, wanted: Sequence[Row]) -> tuple[bool, bool]:
    """Whether the keys of a gene fit, and whether they name alleles."""
    alleles = _alleles(wanted)
    if alleles:
        return any(_has_alleles(pair, alleles) for pair in option.alleles), True
    return any(k["key"] in option.keys or _has(option, k["key"]) for k in wanted), False


def _alleles(wanted: Sequence[Row]) -> dict[str, int]:
    """The alleles that guidance names, with how many of each."""
    return {k["key"]: int(k["allele_count"] or 1) for k in wanted if k["key_kind"] == "allele"}


def _has_alleles(pair: Sequence[str], alleles: Mapping[str, int]) -> bool:
    return all(pair.count(name) == count for name, count in alleles.items())


def _has(option: Option, key: str) -> bool:
    """Whether the key is the presence of an allele that one of the pairs has."""
    return key.endswith(" positive") and any(
        carries(name, key.removesuffix(" positive")) is Carries.YES
        for pair in option.alleles
        for name in pair
    )

"""Allele definitions as frozen records, built from the tables of a knowledge pack."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from apothecary.iupac import spelled
from apothecary.knowledge.importers.pharmcat_definitions import import_definitions

TABLES = (
    "pgx_genes",
    "pgx_rules",
    "pgx_positions",
    "pgx_alleles",
    "pgx_allele_bases",
    "pgx_phenotype_rules",
    "pgx_phenotype_exceptions",
    "pgx_priorities",
    "pgx_silent_bases",
)


class TableSource(Protocol):
    """What gives the rows of a knowledge table, as a pack does."""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of the table of that name."""


@dataclass(frozen=True)
class Position:
    """A position of a gene's definitions.

    Attributes:
        position_id: chrom:pos:ref of GRCh38.
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position, VCF style.
        ref: Reference bases, GRCh38.
        alts: Alternate bases of the definitions, VCF style.
        rsid: dbSNP identifier.
        role: defining, extra or ignored.
        required: No call without it.
        pos_grch37: 1-based GRCh37 position, or None when not known.
        ref_grch37: Reference bases of GRCh37, or None.
    """

    position_id: str
    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    rsid: str | None
    role: str
    required: bool
    pos_grch37: int | None
    ref_grch37: str | None

    @cached_property
    def known(self) -> frozenset[str]:
        """The bases that are no undocumented variation."""
        return frozenset((self.ref, *self.alts))


@dataclass(frozen=True)
class Allele:
    """A named allele.

    Attributes:
        name: Its name.
        order: Order within the definition.
        bases: What the definition gives, by index into the gene's defining positions.
        accepts: The bases that fit, for each defining position; where the definition is silent,
            those of the reference allele.
        core: Name that it is reported as.
    """

    name: str
    order: int
    reference: bool
    bases: Mapping[int, str]
    accepts: tuple[frozenset[str], ...]
    core: str


@dataclass(frozen=True)
class Function:
    """Clinical function of an allele."""

    function: str | None
    activity: str | None
    lookup_key: str | None


@dataclass(frozen=True)
class Answer:
    """Phenotype of a pair of alleles."""

    phenotype: str
    activity_score: str
    lookup_key: str


@dataclass(frozen=True)
class Gene:
    """A pharmacogene with its definitions, functions and phenotypes.

    Attributes:
        kind: diplotype, lowest_function, single_allele, mitochondrial or outside_only.
        research: No guideline looks at the gene.
        positions: The defining positions, in their order.
        others: Positions that define no allele but are shown or looked up.
        alleles: The alleles that can be matched, the reference allele first.
        functions: By allele name.
        rules: Phenotype by the sorted pair of lookup keys.
        exceptions: Phenotype by the sorted pair of allele names.
        priorities: The one to take, by the set of diplotypes that cannot be told apart.
        settings: Values of the gene's rules, by rule.
        silent: Bases that no allele has and that encode the residue of the reference, by
            position_id.
    """

    name: str
    chrom: str
    kind: str
    undocumented_as_reference: bool
    by_activity_score: bool
    reference_allele: str
    positions: tuple[Position, ...] = ()
    others: tuple[Position, ...] = ()
    alleles: tuple[Allele, ...] = ()
    functions: Mapping[str, Function] = field(default_factory=dict)
    rules: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    exceptions: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    priorities: Mapping[frozenset[str], str] = field(default_factory=dict)
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    research: bool = False
    silent: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def on_request(self) -> bool:
        """Whether the gene is called only when asked for."""
        return "called_on_request" in self.settings

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Index of a defining position by its identifier and by its rsID."""
        found = {p.rsid: i for i, p in enumerate(self.positions) if p.rsid}
        return {**found, **{p.position_id: i for i, p in enumerate(self.positions)}}

    def rule_position(self, rule: str) -> int | None:
        """Index of the position that a rule names, None when there is none."""
        value = self.settings.get(rule)
        return self.index.get(value[0]) if value else None


@dataclass(frozen=True)
class Definitions:
    """The pharmacogenes of a knowledge pack, by name in alphabetical order."""

    genes: Mapping[str, Gene]
    answer_codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def matched(self) -> tuple[Gene, ...]:
        """The genes that have positions, in alphabetical order."""
        return tuple(gene for gene in self.genes.values() if gene.positions)


def from_pack(pack: TableSource, *, research_genes: bool = True) -> Definitions:
    """Definitions of a knowledge pack.

    Args:
        pack: A pack, or anything else that gives the rows of a table by its name.
        research_genes: Whether genes that no guideline looks at are among them.

    Returns:
        All genes, those called outside only too.
    """
    codes = {row["phenotype"]: row["answer_code"] for row in pack.rows("phenotype_codes")}
    genes = from_tables({name: pack.rows(name) for name in TABLES})
    for name, alleles in _status_alleles(pack.rows("guidance_keys")).items():
        if name in genes:
            settings = {**genes[name].settings, "status_allele": alleles}
            genes[name] = replace(genes[name], settings=settings)
    kept = {name: gene for name, gene in genes.items() if research_genes or not gene.research}
    return Definitions(kept, codes)


def position_rows(pack: TableSource, *, research_genes: bool) -> list[dict[str, Any]]:
    """The rows of the table pgx_positions, those of research genes only where they are wanted."""
    left_out = {row["gene"] for row in pack.rows("pgx_genes") if row["research"]}
    rows = pack.rows("pgx_positions")
    return [row for row in rows if research_genes or row["gene"] not in left_out]


def _status_alleles(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The alleles whose presence or absence guidance asks for, by gene."""
    asked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if str(row["key"]).startswith("*") and str(row["key"]).endswith(" negative"):
            asked[str(row["gene"])].add(str(row["key"]).removesuffix(" negative"))
    return {gene: tuple(sorted(alleles)) for gene, alleles in sorted(asked.items())}


def with_custom(definitions: Definitions, path: Path | str) -> Definitions:
    """Replace the definitions by those of files of the user.

    Functions, phenotypes and rules of a gene stay those of the pack; positions and alleles are
    those of the files. Only the genes of the files are kept.

    Args:
        definitions: Those of the pack.
        path: A definition file (JSON), or a folder of them.

    Returns:
        The genes of the files.

    Raises:
        WorkflowInputError: A file is no definition.
    """
    rules = [
        {"gene": gene.name, "rule": rule, "value": value}
        for gene in definitions.genes.values()
        for rule, values in gene.settings.items()
        for value in values
    ]
    own = from_tables(import_definitions(path, "user", rules))
    genes: dict[str, Gene] = {}
    for name, gene in own.items():
        known = definitions.genes.get(name)
        if not gene.positions:
            continue
        if known is None:
            genes[name] = gene
            continue
        grch37 = {p.position_id: p for p in (*known.positions, *known.others)}
        required = {p.position_id for p in known.positions if p.required}
        genes[name] = replace(
            gene,
            positions=tuple(
                replace(
                    p,
                    required=p.required or p.position_id in required,
                    pos_grch37=grch37[p.position_id].pos_grch37,
                    ref_grch37=grch37[p.position_id].ref_grch37,
                )
                if p.position_id in grch37
                else p
                for p in gene.positions
            ),
            by_activity_score=known.by_activity_score,
            functions=known.functions,
            rules=known.rules,
            exceptions=known.exceptions,
            priorities=gene.priorities or known.priorities,
            silent=known.silent,
        )
    return Definitions(genes, definitions.answer_codes)


def from_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Gene]:
    """Genes from the rows of the pgx tables, by name in alphabetical order."""
    by_table = {name: _by_gene(tables.get(name, ())) for name in TABLES}
    genes: dict[str, Gene] = {}
    for row in sorted(tables["pgx_genes"], key=lambda row: str(row["gene"])):
        name = str(row["gene"])
        positions = sorted(by_table["pgx_positions"][name], key=lambda r: int(r["position_order"]))
        made = [_position(r) for r in positions]
        defining = tuple(p for p in made if p.role == "defining")
        settings: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for rule in by_table["pgx_rules"][name]:
            settings[str(rule["rule"])] += (str(rule["value"]),)
        genes[name] = Gene(
            name=name,
            chrom=str(row["chrom"]) or settings.get("chrom", ("",))[0],
            kind=str(row["kind"]),
            undocumented_as_reference=bool(row["undocumented_as_reference"]),
            by_activity_score=bool(row["by_activity_score"]),
            reference_allele=str(row["reference_allele"]),
            positions=defining,
            others=tuple(p for p in made if p.role != "defining"),
            alleles=_alleles(
                defining, by_table["pgx_alleles"][name], by_table["pgx_allele_bases"][name]
            ),
            functions={
                str(r["allele"]): Function(
                    r.get("function"), r.get("activity_value"), r.get("lookup_key")
                )
                for r in by_table["pgx_alleles"][name]
            },
            rules={
                (str(r["key_1"]), str(r["key_2"])): _answer(r)
                for r in by_table["pgx_phenotype_rules"][name]
            },
            exceptions={
                (str(r["allele_1"]), str(r["allele_2"])): _answer(r)
                for r in by_table["pgx_phenotype_exceptions"][name]
            },
            priorities={
                frozenset(r["diplotypes"]): str(r["pick"]) for r in by_table["pgx_priorities"][name]
            },
            settings=dict(settings),
            research=bool(row["research"]),
            silent=_silent(by_table["pgx_silent_bases"][name]),
        )
    return genes


def _by_gene(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[str(row["gene"])].append(row)
    return grouped


def _silent(rows: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[str(row["position_id"])].add(str(row["bases"]))
    return {position_id: frozenset(bases) for position_id, bases in found.items()}


def _position(row: Mapping[str, Any]) -> Position:
    return Position(
        position_id=str(row["position_id"]),
        chrom=str(row["chrom"]),
        pos=int(row["pos"]),
        ref=str(row["ref"]),
        alts=tuple(row["alts"]),
        rsid=row.get("rsid"),
        role=str(row["role"]),
        required=bool(row["required"]),
        pos_grch37=row.get("pos_grch37"),
        ref_grch37=row.get("ref_grch37"),
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(str(row["phenotype"]), str(row["activity_score"]), str(row["lookup_key"]))


def _alleles(
    positions: Sequence[Position],
    rows: Iterable[Mapping[str, Any]],
    base_rows: Iterable[Mapping[str, Any]],
) -> tuple[Allele, ...]:
    index = {p.position_id: i for i, p in enumerate(positions)}
    bases: dict[str, dict[int, str]] = defaultdict(dict)
    for row in base_rows:
        if row["position_id"] in index:
            bases[str(row["allele"])][index[str(row["position_id"])]] = str(row["bases"])
    usable = [
        row
        for row in sorted(rows, key=lambda r: int(r["allele_order"]))
        if row["defined"] and not row["ignored"] and not row["structural"]
    ]
    reference = next((row for row in usable if row["reference"]), None)
    if reference is None:
        return ()
    given = bases[str(reference["allele"])]
    default = tuple(spelled(given.get(i, p.ref)) for i, p in enumerate(positions))
    alleles = []
    for row in sorted(usable, key=lambda r: not r["reference"]):
        name = str(row["allele"])
        own = bases[name]
        accepts = list(default)
        for i, given_bases in own.items():
            accepts[i] = spelled(given_bases)
        alleles.append(
            Allele(
                name=name,
                order=int(row["allele_order"]),
                reference=bool(row["reference"]),
                bases=own,
                accepts=tuple(accepts),
                core=str(row.get("core_allele") or name),
            )
        )
    return tuple(alleles)


_PARTS = re.compile(r"\d+|\D+")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that reads numbers as numbers: *2 before *17, c.557A>G before c.1129-5923C>G."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in _PARTS.findall(name)
    )

"""Further pharmacogenes from PyPGx's tables: alleles, positions in both builds, functions.

PyPGx lists the variants of an allele against the genome of each build, and names the allele that
the genome itself is. Both lists are read: a base that either build demands is the allele's, and
where it demands none it has the base of GRCh38. So the allele of GRCh38 is the reference allele
here, as CYP2C19 *38 is in the definitions of PharmVar, even where PyPGx calls another one normal.

Core variants define an allele. Tag variants only travel with it: an allele is found without them,
so that at a tagged position that other alleles are told by either base fits it, and a position that
is a tag throughout is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.iupac import CODES
from apothecary.knowledge.importers.pypgx import read_rows
from apothecary.knowledge.importers.upstream import Row

BUILDS = ("GRCh37", "GRCh38")
REFERENCE_NAME = "Reference"
LEFT_OUT = "left_out"

_NONE = "N/A"
_GENE_COLUMNS = ("Gene", "Target", "Variants", "SV", "GRCh38Default", "Paralog")
_ALLELE_COLUMNS = (
    "Gene",
    "StarAllele",
    "Function",
    "SV",
    *(f"{build}{kind}" for build in BUILDS for kind in ("Core", "Tag")),
)
_VARIANT_COLUMNS = (
    "Gene",
    "rsID",
    "Chromosome",
    *(f"{build}{kind}" for build in BUILDS for kind in ("Name", "Position", "Allele")),
)
_SOURCE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "pgx_positions": ("grch37_source_id",),
    "pgx_alleles": ("function_source_id",),
}
_COPY_NUMBER = ("WholeDel", "WholeDup", "WholeMultip")
_HYBRIDS = ("Hybrid", "Tandem")
_PARTIAL = ("Partial", "Noncoding")

Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Place:
    """A position of a gene in both builds; 1-based, VCF style."""

    chrom: str
    pos: int
    ref: str
    pos_grch37: int
    ref_grch37: str
    rsid: str | None

    @property
    def position_id(self) -> str:
        """chrom:pos:ref of GRCh38, as in the table pgx_positions."""
        return f"{self.chrom}:{self.pos}:{self.ref}"


Doubt = Callable[[Place], str | None]
"""What speaks against a place, in words; None where nothing does."""

Bases = dict[Place, str]


@dataclass(frozen=True)
class _Allele:
    """An allele as PyPGx lists it: demanded bases by build, and the tags of both."""

    name: str
    function: str
    structural: bool
    core: Mapping[str, Bases]
    tags: Bases


def import_genes(
    path: Path | str,
    known: Collection[str],
    guided: Collection[str],
    refused: Collection[str],
    doubt: Doubt,
    version: str,
    source_id: str,
) -> Tables:
    """Read the genes that other definitions do not hold.

    Args:
        path: The wheel of PyPGx, or a folder with the unpacked package.
        known: Genes that are defined elsewhere.
        guided: Genes that a guideline looks at; the others are marked research.
        refused: Genes that are not taken, whose rules say why.
        doubt: What speaks against a place in either build.
        version: Version of PyPGx, for the definitions.
        source_id: Source of every row.

    Returns:
        Rows of pgx_genes, pgx_positions, pgx_alleles, pgx_allele_bases and pgx_rules. What is left
        out (genes without an allele that small variants define, alleles that rest on a place in
        doubt or that the builds define differently) is a rule `left_out` with the reason.

    Raises:
        ResourceError: The path holds no tables of PyPGx.
    """
    wanted = [
        row
        for row in read_rows(path, "gene-table.csv", _GENE_COLUMNS)
        if row["Target"] == "TRUE" and row["Gene"] not in {*known, *refused}
    ]
    variants = _by_gene(read_rows(path, "variant-table.csv", _VARIANT_COLUMNS))
    alleles = _by_gene(read_rows(path, "allele-table.csv", _ALLELE_COLUMNS))
    events = _by_gene(read_rows(path, "cnv-table.csv", ("Gene", "Name")))
    tables: Tables = defaultdict(list)
    for row in wanted:
        gene = row["Gene"]
        made, lost = _gene(row, variants[gene], alleles[gene], doubt)
        if made:
            own = {"version": f"PyPGx {version}", "research": gene not in guided}
            made["pgx_genes"] = [{**made["pgx_genes"][0], **own}]
            made["pgx_rules"] = _rules(gene, "unseen", _unseen(row, events[gene]))
        made.setdefault("pgx_rules", []).extend(_rules(gene, LEFT_OUT, lost))
        for name, rows in made.items():
            sources = dict.fromkeys(("source_id", *_SOURCE_COLUMNS.get(name, ())), source_id)
            tables[name] += [{**one, **sources} for one in rows]
    return dict(tables)


def _by_gene(rows: Iterable[dict[str, str]]) -> defaultdict[str, list[dict[str, str]]]:
    grouped: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["Gene"]].append(row)
    return grouped


def _gene(
    row: Mapping[str, str],
    variants: Sequence[Mapping[str, str]],
    allele_rows: Sequence[Mapping[str, str]],
    doubt: Doubt,
) -> tuple[Tables, list[str]]:
    """The tables of a gene, empty when it cannot be called, and what was left out."""
    gene, reference_name = row["Gene"], row["GRCh38Default"]
    listed = _listed(variants)
    listings = [_allele(one, listed) for one in allele_rows]
    named = [one for one in listings if not one.structural]
    if not any(one.core[build] for one in named for build in BUILDS):
        return {}, ["no allele is defined by small variants"]
    places = sorted(
        {place for one in named for build in BUILDS for place in one.core[build]},
        key=lambda place: (place.pos, place.ref),
    )
    doubts = {place: why for place in places if (why := doubt(place))}
    places = [place for place in places if place not in doubts]
    whole: dict[str, Bases] = {}
    lost = []
    for one in named:
        demanded = _demanded(one)
        why = next((doubts[place] for place in demanded or {} if place in doubts), None)
        if why or demanded is None:
            why = why or "the builds define it differently"
            lost.append(f"{one.name}: {why}")
            continue
        bases = {place: demanded.get(place, place.ref) for place in places}
        twin = next((name for name, other in whole.items() if other == bases), None)
        if twin is not None:
            lost.append(f"{one.name}: it has the bases of {twin}")
        else:
            whole[one.name] = bases
    if reference_name not in whole or len(whole) == 1:
        return {}, [*lost, "no allele beside the reference is left"]
    used = [place for place in places if len({own[place] for own in whole.values()}) > 1]
    alts = {place: sorted({own[place] for own in whole.values()} - {place.ref}) for place in used}
    tables = {
        "pgx_genes": [_gene_row(gene, reference_name, used, whole)],
        "pgx_positions": _positions(gene, used, alts),
        "pgx_alleles": _alleles(gene, reference_name, listings, whole),
        "pgx_allele_bases": _allele_bases(gene, reference_name, listings, whole, used),
    }
    return tables, lost


def _listed(variants: Iterable[Mapping[str, str]]) -> dict[str, dict[str, tuple[Place, str]]]:
    """Place and bases by build and name of a variant; a name ends with the bases."""
    found: dict[str, dict[str, tuple[Place, str]]] = {build: {} for build in BUILDS}
    for row in variants:
        place = Place(
            chrom=f"chr{row['Chromosome']}",
            pos=int(row["GRCh38Position"]),
            ref=row["GRCh38Allele"],
            pos_grch37=int(row["GRCh37Position"]),
            ref_grch37=row["GRCh37Allele"],
            rsid=None if row["rsID"] == _NONE else row["rsID"],
        )
        for build in BUILDS:
            name = row[f"{build}Name"]
            found[build][name] = (place, name.rpartition("-")[2])
    return found


def _allele(
    row: Mapping[str, str], listed: Mapping[str, Mapping[str, tuple[Place, str]]]
) -> _Allele:
    def bases(build: str, kind: str) -> Bases:
        names = row[f"{build}{kind}"]
        return {} if names == _NONE else dict(listed[build][name] for name in names.split(","))

    return _Allele(
        name=row["StarAllele"],
        function=row["Function"].capitalize(),
        structural=row["SV"] == "TRUE",
        core={build: bases(build, "Core") for build in BUILDS},
        tags={**bases("GRCh37", "Tag"), **bases("GRCh38", "Tag")},
    )


def _demanded(allele: _Allele) -> Bases | None:
    """The bases that either build demands; None where they contradict each other.

    A variant that both genomes lack must be listed against both.
    """
    found: Bases = {}
    for build in BUILDS:
        other = allele.core[BUILDS[build == BUILDS[0]]]
        for place, bases in allele.core[build].items():
            differs = place.ref != place.ref_grch37
            if (not differs and place not in other) or found.setdefault(place, bases) != bases:
                return None
    return found


def _gene_row(
    gene: str, reference: str, places: Sequence[Place], whole: Mapping[str, Bases]
) -> Row:
    changes = [
        [place for place in places if own[place] != whole[reference][place]]
        for name, own in whole.items()
        if name != reference
    ]
    # Alleles that are single variants named one by one may lie on one strand, as in DPYD.
    single = reference == REFERENCE_NAME and len(changes) > 1 and all(len(c) == 1 for c in changes)
    return {
        "gene": gene,
        "chrom": places[0].chrom,
        "kind": "lowest_function" if single else "diplotype",
        "undocumented_as_reference": False,
        "reference_allele": reference,
        "by_activity_score": False,
    }


def _positions(
    gene: str, places: Sequence[Place], alts: Mapping[Place, Sequence[str]]
) -> list[Row]:
    return [
        {
            "gene": gene,
            "position_id": place.position_id,
            "position_order": order,
            "chrom": place.chrom,
            "pos": place.pos,
            "ref": place.ref,
            "alts": list(alts[place]),
            "rsid": place.rsid,
            "hgvs_g": ", ".join(
                f"g.{place.pos}{place.ref}>{alt}"
                for alt in alts[place]
                if len(alt) == len(place.ref) == 1
            ),
            "role": "defining",
            "required": False,
            "amp_tier_1": False,
            "pos_grch37": place.pos_grch37,
            "ref_grch37": place.ref_grch37,
        }
        for order, place in enumerate(places)
    ]


def _alleles(
    gene: str, reference: str, listings: Sequence[_Allele], whole: Mapping[str, Bases]
) -> list[Row]:
    kept = [one for one in listings if one.structural or one.name in whole]
    return [
        {
            "gene": gene,
            "allele": one.name,
            "allele_id": None,
            "allele_order": order,
            "defined": not one.structural,
            "reference": one.name == reference,
            "structural": one.structural,
            "ignored": False,
            "amp_tier_1": False,
            "core_allele": None,
            "function": one.function,
            "activity_value": None,
            "lookup_key": None,
        }
        for order, one in enumerate(kept)
    ]


def _allele_bases(
    gene: str,
    reference: str,
    listings: Sequence[_Allele],
    whole: Mapping[str, Bases],
    places: Sequence[Place],
) -> list[Row]:
    """The bases of the reference allele everywhere, of the others where they have their own."""
    rows = []
    for one in listings:
        own = whole.get(one.name)
        if own is None:
            continue
        core = one.core["GRCh38"].keys() | one.core["GRCh37"].keys()
        for place in places:
            bases = own[place]
            if place in one.tags and place not in core:
                bases = _either(own[place], one.tags[place])
            if one.name == reference or bases != place.ref:
                rows.append(
                    {
                        "gene": gene,
                        "allele": one.name,
                        "position_id": place.position_id,
                        "bases": bases,
                        "core": place in core,
                    }
                )
    return rows


def _either(first: str, second: str) -> str:
    """The ambiguity code of two bases; of longer ones, which have none, the first."""
    pair = "".join(sorted({first, second}))
    return next((code for code, bases in CODES.items() if bases == pair), first)


def _rules(gene: str, rule: str, values: Iterable[str]) -> list[Row]:
    return [{"gene": gene, "rule": rule, "value": value} for value in values]


def _unseen(row: Mapping[str, str], events: Iterable[Mapping[str, str]]) -> list[str]:
    """What small variants do not show, by the structural events that PyPGx names."""
    if row["SV"] != "TRUE":
        return []
    names = tuple(event["Name"] for event in events)
    found = ["copy number"] if any(n.startswith(_COPY_NUMBER) for n in names) else []
    if any(n.startswith(_HYBRIDS) for n in names):
        found.append(f"hybrids with {row['Paralog']}")
    if any(n.startswith(_PARTIAL) for n in names):
        found.append("deletions and duplications of parts")
    return found

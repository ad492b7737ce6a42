"""Small genes, packs and files for the tests of pharmacogenes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.pharmacogenes.definitions import Definitions, Gene, from_tables
from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.observations import SiteSettings
from apothecary.pharmacogenes.sites import GRCH38, SiteLayout, SiteTable
from apothecary.variants.reader import VariantFile

Row = dict[str, Any]


def tables_of_gene(
    positions: Sequence[tuple[int, str, str]],
    alleles: Mapping[str, Mapping[int, str]],
    *,
    gene: str = "GENE1",
    chrom: str = "chr1",
    kind: str = "diplotype",
    functions: Mapping[str, str] | None = None,
    rules: Mapping[tuple[str, str], str] | None = None,
    undocumented_as_reference: bool = False,
    required: Iterable[int] = (),
    priorities: Iterable[tuple[Sequence[str], str]] = (),
    settings: Mapping[str, str] | None = None,
    shift37: int | None = None,
    by_activity_score: bool = False,
    research: bool = False,
    silent: Iterable[tuple[int, str]] = (),
) -> dict[str, list[Row]]:
    """Rows of the pgx tables of one gene.

    Args:
        positions: pos, ref and alts (joined by commas) of each position.
        alleles: Bases by index of the position, by allele; the first is the reference allele, of
            which no bases need to be given.
        shift37: What is added to a position to give that of GRCh37; None when not known.
        silent: Index of a position and a base that leaves the protein as it is.
    """
    source = {"source_id": "test"}
    names = list(alleles)
    ids = [f"{chrom}:{pos}:{ref}" for pos, ref, _ in positions]
    reference = {i: ref for i, (_, ref, _) in enumerate(positions)}
    given = {name: (reference if name == names[0] else alleles[name]) for name in names}
    functions = functions or {}
    return {
        "pgx_genes": [
            {
                "gene": gene,
                "chrom": chrom,
                "version": "1",
                "kind": kind,
                "undocumented_as_reference": undocumented_as_reference,
                "reference_allele": names[0],
                "by_activity_score": by_activity_score,
                "research": research,
                **source,
            }
        ],
        "pgx_rules": [
            {"gene": gene, "rule": rule, "value": value, **source}
            for rule, value in (settings or {}).items()
        ],
        "pgx_positions": [
            {
                "gene": gene,
                "position_id": ids[i],
                "position_order": i,
                "chrom": chrom,
                "pos": pos,
                "ref": ref,
                "alts": alts.split(","),
                "rsid": f"rs{pos}",
                "hgvs_g": f"g.{pos}",
                "role": "defining",
                "required": pos in set(required),
                "amp_tier_1": False,
                "pos_grch37": None if shift37 is None else pos + shift37,
                "ref_grch37": None if shift37 is None else ref,
                "grch37_source_id": None,
                **source,
            }
            for i, (pos, ref, alts) in enumerate(positions)
        ],
        "pgx_alleles": [
            {
                "gene": gene,
                "allele": name,
                "allele_order": order,
                "defined": True,
                "reference": order == 0,
                "structural": False,
                "ignored": False,
                "amp_tier_1": False,
                "core_allele": None,
                "function": functions.get(name),
                "activity_value": functions.get(name) if by_activity_score else None,
                "lookup_key": functions.get(name),
                **source,
            }
            for order, name in enumerate(names)
        ],
        "pgx_allele_bases": [
            {
                "gene": gene,
                "allele": name,
                "position_id": ids[i],
                "bases": bases,
                "core": True,
                **source,
            }
            for name in names
            for i, bases in given[name].items()
        ],
        "pgx_phenotype_rules": [
            {
                "gene": gene,
                "key_1": pair[0],
                "key_2": pair[1],
                "phenotype": phenotype,
                "activity_score": "",
                "lookup_key": phenotype,
                **source,
            }
            for pair, phenotype in (rules or {}).items()
        ],
        "pgx_phenotype_exceptions": [],
        "pgx_priorities": [
            {
                "gene": gene,
                "priority_id": "|".join(alike),
                "diplotypes": list(alike),
                "pick": pick,
                **source,
            }
            for alike, pick in priorities
        ],
        "pgx_silent_bases": [
            {
                "gene": gene,
                "position_id": ids[i],
                "bases": base,
                "residue": "H",
                "codon": 1,
                "reference_source_id": "test",
                **source,
            }
            for i, base in silent
        ],
    }


def make_gene(*args: Any, **kwargs: Any) -> Gene:
    """One gene; see `tables_of_gene`."""
    return next(iter(from_tables(tables_of_gene(*args, **kwargs)).values()))


def definitions_of(*genes: Gene) -> Definitions:
    return Definitions({gene.name: gene for gene in genes})


def genotypes(*texts: str | None) -> tuple[Genotype | None, ...]:
    """Genotypes such as A/C, A|C, A|C:7 (with a phase set), A (haploid), or None."""
    made: list[Genotype | None] = []
    for text in texts:
        if text is None:
            made.append(None)
            continue
        bases, _, phase_set = text.partition(":")
        phased = "|" in bases
        made.append(Genotype(tuple(bases.replace("|", "/").split("/")), phased, phase_set or None))
    return tuple(made)


HEADER = [
    "##fileformat=VCFv4.2",
    *(f"##contig=<ID={name}>" for name in ("chr1", "chrX", "1")),
    '##FILTER=<ID=low,Description="low">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">',
    *(
        f'##FORMAT=<ID={name},Number=.,Type={kind},Description="x">'
        for name, kind in (
            ("GT", "String"),
            ("DP", "Integer"),
            ("GQ", "Integer"),
            ("PS", "Integer"),
            ("MIN_DP", "Integer"),
        )
    ),
]


def write_vcf(path: Path, records: Iterable[str], samples: Sequence[str] = ("S1",)) -> Path:
    """A VCF of records whose columns are separated by blanks."""
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
    lines = [*HEADER, "\t".join([*columns, *samples])]
    lines += ["\t".join(record.split()) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_table(
    path: Path, definitions: Definitions, settings: SiteSettings | None = None, build: str = GRCH38
) -> SiteTable:
    file = VariantFile(path)
    layout = SiteLayout(definitions, build)
    table = SiteTable(layout, file.header.samples, settings or SiteSettings(4, 10))
    for record in file.blocks(None, [layout.regions]):
        table.add(record)
    return table

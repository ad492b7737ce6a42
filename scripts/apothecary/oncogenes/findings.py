"""What was found in a tumor, in the form that profiles are matched against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.oncogenes import profiles, proteins
from apothecary.oncogenes.exons import Exons
from apothecary.oncogenes.known import KnownVariants
from apothecary.oncogenes.proteins import ProteinChange

VARIANT = "variant"
COPY_NUMBER = "copy_number"
FUSION = "fusion"
WILDTYPE = "wildtype"
MARKER = "marker"

ALTERING_TERMS = frozenset(
    {
        "missense_variant",
        "stop_gained",
        "stop_lost",
        "start_lost",
        "frameshift_variant",
        "inframe_insertion",
        "inframe_deletion",
        "protein_altering_variant",
        "splice_acceptor_variant",
        "splice_donor_variant",
        "splice_site_variant",
        "disruptive_inframe_insertion",
        "disruptive_inframe_deletion",
        "conservative_inframe_insertion",
        "conservative_inframe_deletion",
        "feature_elongation",
        "transcript_ablation",
    }
)
"""Sequence Ontology terms of changes that alter the protein or the splicing of its transcript."""

TRUNCATING_TERMS = frozenset(
    {
        "stop_gained",
        "frameshift_variant",
        "splice_acceptor_variant",
        "splice_donor_variant",
        "splice_site_variant",
        "start_lost",
        "transcript_ablation",
    }
)
"""Terms of changes that as a rule leave no working protein."""

SPLICE_TERMS = frozenset({"splice_acceptor_variant", "splice_donor_variant", "splice_site_variant"})
SPLICE_SITE_BASES = 2
"""Bases of an intron beside an exon that make its splice site (Sequence Ontology)."""

_CIVIC_LOCI = "cacao_civic"
_UPSTREAM = re.compile(r"c\.-(\d+)")


@dataclass(frozen=True)
class Name:
    """One name of a variant: in a transcript, or by the knowledge pack."""

    gene: str
    change: ProteinChange | None
    coding: str
    terms: frozenset[str]
    exon: int | None
    known_name: str = ""
    classes: frozenset[str] = frozenset()

    @property
    def altering(self) -> bool:
        """Whether the protein or its splicing is altered."""
        if self.terms & ALTERING_TERMS:
            return True
        return self.change is not None and self.change.kind != proteins.SYNONYMOUS

    @property
    def truncating(self) -> bool:
        """Whether the change as a rule leaves no working protein."""
        if self.terms & TRUNCATING_TERMS:
            return True
        return self.change is not None and self.change.kind in (
            proteins.NONSENSE,
            proteins.FRAMESHIFT,
            proteins.START_LOST,
        )

    @property
    def upstream_bases(self) -> int | None:
        """Bases between the change and the start codon; None when it is not before it."""
        match = _UPSTREAM.match(self.coding)
        return int(match[1]) if match else None


@dataclass(frozen=True, eq=False)
class Finding:
    """A variant, a gene's copy number or a fusion of a tumor, or a marker of all of it.

    Attributes:
        finding_id: As in the table `actionability`.
        kind: variant, copy_number, fusion or marker.
        genes: The genes it is in; for a marker what it is of, such as TMB.
        alteration: The finding in words.
        fields: Columns of the table `actionability` that the finding brings.
        names: Names of a variant.
        rsids: dbSNP identifiers of a variant, lower case.
        population_af: Highest population frequency of a variant.
        failed: Why a variant did not pass; empty for one that was kept.
        state: State of a copy number; name of a marker in evidence.
        partners: 5' and 3' gene of a fusion.
        hotspot: A variant that the pack knows as recurrent by its coordinate.
        curated: A variant that CIViC curates, by its coordinate.
    """

    finding_id: str
    kind: str
    genes: tuple[str, ...]
    alteration: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[Name, ...] = ()
    rsids: frozenset[str] = frozenset()
    population_af: float | None = None
    failed: str = ""
    state: str = ""
    partners: tuple[str, str] | None = None
    hotspot: bool = False
    curated: bool = False

    @property
    def altering(self) -> bool:
        """Whether a variant alters a protein, or nothing more is known of it than its gene."""
        return any(name.altering for name in self.names)


class Regions:
    """Where genes lie, for variants that nothing names."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], genes: frozenset[str]) -> None:
        """Index rows of the knowledge table `gene_regions` of some genes."""
        self._by_chrom: dict[str, list[tuple[int, int, str]]] = {}
        for row in rows:
            if row["gene"] in genes:
                span = (row["start"], row["end"], row["gene"])
                self._by_chrom.setdefault(row["chrom"], []).append(span)
        for spans in self._by_chrom.values():
            spans.sort()

    def at(self, chrom: str, pos: int) -> list[str]:
        """Genes over a 1-based GRCh38 position."""
        return [gene for s, e, gene in self._by_chrom.get(chrom, ()) if s <= pos <= e]


Consequences = Mapping[tuple[str, str, int, str, str], list[Mapping[str, Any]]]


def by_locus(consequences_rows: Iterable[Mapping[str, Any]]) -> Consequences:
    """Rows of the table `consequences` by build, chromosome, position, ref and alt."""
    found: dict[tuple[str, str, int, str, str], list[Mapping[str, Any]]] = {}
    for row in consequences_rows:
        key = (row["build"], row["chrom"], row["pos"], row["ref"], row["alt"])
        found.setdefault(key, []).append(row)
    return found


def of_variant(
    variant: Mapping[str, Any],
    consequences: Consequences,
    known: KnownVariants,
    regions: Regions,
    exons: Exons,
) -> Finding:
    """A variant as a finding.

    Args:
        variant: A row of the table `variants`.
        consequences: See `by_locus`.
        known: Known variants, looked up beside the consequences, since the literature may number
            the residues of another transcript.
        regions: Genes of interest, for a variant that nothing names.
        exons: Exons by place, where no name tells the exon.
    """
    build, chrom, pos = variant["build"], variant["chrom"], variant["pos"]
    ref, alt = variant["ref"], variant["alt"]
    rows = consequences.get((build, chrom, pos, ref, alt), [])
    known_rows = known.at(chrom, pos, ref, alt, build) if known.reads(build) else []
    names = _preferred([r for r in rows if r["gene"]])
    names += [_known_name(row) for row in known_rows]
    genes = tuple(dict.fromkeys(name.gene for name in names))
    if build != KNOWN_BUILD and known_rows:
        # Exons are known where the pack has the variant.
        names = [_with_exon(n, chrom, known_rows[0]["pos"], ref, exons) for n in names]
    if build == KNOWN_BUILD:
        names = [_with_exon(name, chrom, pos, ref, exons) for name in names]
        if not names and (by_place := _in_frame(chrom, pos, ref, alt, exons)):
            names = [by_place]
            genes = (by_place.gene,)
    if not genes and build == KNOWN_BUILD:
        genes = tuple(regions.at(chrom, pos))
    finding_id = f"{chrom}:{pos}:{ref}:{alt}"
    return Finding(
        finding_id,
        VARIANT,
        genes,
        _words(names, genes, variant),
        {
            "chrom": chrom,
            "pos": pos,
            "ref": ref,
            "alt": alt,
            "vaf": variant.get("vaf"),
            "depth": variant.get("depth"),
        },
        tuple(dict.fromkeys(names)),
        frozenset(re.findall(r"rs\d+", (variant.get("rsid") or "").lower())),
        variant.get("population_af"),
        (variant.get("reason") or variant.get("filters") or "") if _failed(variant) else "",
        hotspot=any(row["hotspot"] for row in known_rows),
        curated=any(row["source_id"] == _CIVIC_LOCI for row in known_rows),
    )


def looked_at(variant: Mapping[str, Any], consequences: Consequences) -> bool:
    """Whether a variant may be a finding: its bases are known, or its class is.

    Args:
        variant: A row of the table `variants`.
        consequences: See `by_locus`.
    """
    if variant["fate"] == "symbolic":
        build, chrom, pos = variant["build"], variant["chrom"], variant["pos"]
        rows = consequences.get((build, chrom, pos, variant["ref"], variant["alt"]), ())
        return any(row["classes"] for row in rows)
    return variant["fate"] in ("kept", "filtered") and variant["allele_index"] > 0


def _failed(variant: Mapping[str, Any]) -> bool:
    if variant["fate"] == "symbolic":
        return variant["filters"] not in ("PASS", ".")
    return bool(variant["fate"] != "kept")


def _preferred(rows: list[Mapping[str, Any]]) -> list[Name]:
    """Names in MANE Select transcripts; in all transcripts of a gene that has none here."""
    by_gene: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_gene.setdefault(row["gene"], []).append(row)
    found: list[Name] = []
    for gene, of_gene in by_gene.items():
        mane = [row for row in of_gene if row["mane"]]
        for row in mane or of_gene:
            found.append(
                Name(
                    gene,
                    proteins.parse(row["protein_change"]) if row["protein_change"] else None,
                    profiles.normal_coding(row["hgvs_c"] or ""),
                    frozenset((row["consequence"] or "").split("&")) - {""},
                    _exon(row["exon"]),
                    _by_place(row),
                    frozenset(row["classes"] or ()),
                )
            )
    # What alters the protein comes first: it names the finding.
    return sorted(found, key=lambda name: (not name.altering, name.change is None))


def _by_place(row: Mapping[str, Any]) -> str:
    """The first class of a variant that nothing but its place names, without the gene."""
    if row["method"] != "place":
        return ""
    return str(row["classes"][0]).removeprefix(f"{row['gene']} ")


def _exon(text: str | None) -> int | None:
    first = (text or "").split("/")[0].split("-")[0]
    return int(first) if first.isdigit() else None


def _in_frame(chrom: str, pos: int, ref: str, alt: str, exons: Exons) -> Name | None:
    """The name that its place alone gives to an insertion or deletion of whole codons.

    Only one wholly inside the coding part of an exon is named. Which residues change is not known.
    """
    change = len(alt) - len(ref)
    anchored = set(ref + alt) <= set("ACGT") and ref[:1] == alt[:1]
    if change == 0 or change % 3 or not anchored:
        return None
    found = exons.coding(chrom, pos + 1, pos + max(len(ref) - 1, 1))
    if found is None:
        return None
    (gene, exon), verb = found, "insertion" if change > 0 else "deletion"
    words = f"in-frame {verb} in exon {exon}"
    return Name(gene, None, "", frozenset({f"inframe_{verb}"}), exon, words)


def _with_exon(name: Name, chrom: str, pos: int, ref: str, exons: Exons) -> Name:
    """The name with its exon by place, when nothing told it.

    A splice site belongs to the exon beside it. The base before an indel is not part of it.
    """
    if name.exon is not None:
        return name
    first = pos + 1 if len(ref) > 1 else pos
    reach = SPLICE_SITE_BASES if name.terms & SPLICE_TERMS else 0
    exon = exons.at(name.gene, chrom, first - reach, pos + len(ref) - 1 + reach)
    return replace(name, exon=exon)


def _known_name(row: Mapping[str, Any]) -> Name:
    return Name(
        row["gene"],
        proteins.parse(row["protein_change"]) if row["protein_change"] else None,
        profiles.normal_coding(row["hgvs_c"] or ""),
        frozenset((row["consequence"] or "").split("&")) - {""},
        None,
        row.get("name") or "",
    )


def _words(names: list[Name], genes: tuple[str, ...], variant: Mapping[str, Any]) -> str:
    for name in names:
        if name.change:
            return f"{name.gene} {name.change.one_letter()}"
    for name in names:
        if name.known_name or name.coding:
            return f"{name.gene} {name.known_name or name.coding}"
    place = f"{variant['chrom']}:{variant['pos']} {variant['ref']}>{variant['alt']}"
    return f"{place} in {', '.join(genes)}" if genes else place


def of_copy_number(row: Mapping[str, Any]) -> Finding:
    """A row of the table `copy_number` as a finding."""
    state = row["state"]
    return Finding(
        f"copy_number:{row['gene']}:{state}",
        COPY_NUMBER,
        (row["gene"],),
        f"{row['gene']} {state.replace('_', ' ')} ({row['total']:g} copies)",
        {"chrom": row["chrom"]},
        state=state,
    )


def of_fusion(row: Mapping[str, Any]) -> Finding:
    """A row of the table `fusions` as a finding."""
    partners = (row["gene_5prime"], row["gene_3prime"])
    name = "::".join(partners)
    return Finding(
        f"fusion:{name}",
        FUSION,
        tuple(dict.fromkeys(partners)),
        f"{name} fusion",
        partners=partners,
    )


def wildtype_id(gene: str) -> str:
    """The finding_id of a gene that was looked at and has no altering variant."""
    return f"{WILDTYPE}:{gene}"


def wildtype(finding_id: str) -> Finding:
    """A gene without an altering variant as a finding; see `wildtype_id`."""
    gene = finding_id.removeprefix(f"{WILDTYPE}:")
    return Finding(finding_id, WILDTYPE, (gene,), f"{gene} wild type")

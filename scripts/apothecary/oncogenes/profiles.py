"""Names of CIViC molecular profiles, read into trees of components.

A profile is one component (BRAF V600E) or several joined by AND, OR, NOT and brackets
(BCR::ABL1 Fusion AND ( ABL1 F317L OR ABL1 F317V )). A component says what a tumor must have;
what cannot be told from DNA variants, copy number and fusions is kept as such, with its kind, so
that it is answered "unknown" rather than "absent".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from apothecary.oncogenes import proteins
from apothecary.oncogenes.proteins import ProteinChange

PROTEIN = "protein"
CODING = "coding"
RSID = "rsid"
CODON = "codon"
NOT_CODON = "not_codon"
EXON = "exon"
MUTATION = "mutation"
ACTIVATING = "activating"
LOSS_OF_FUNCTION = "loss_of_function"
TRUNCATING = "truncating"
ALLELE_LOSS = "allele_loss"
TANDEM_DUPLICATION = "tandem_duplication"
PROMOTER = "promoter"
WILDTYPE = "wildtype"
AMPLIFICATION = "amplification"
COPY_NUMBER = "copy_number"
DELETION = "deletion"
HETEROZYGOSITY = "loss_of_heterozygosity"
FUSION = "fusion"
REARRANGEMENT = "rearrangement"
NUMBERED_PROMOTER = "numbered_promoter"

DOMAIN = "domain"
RARE = "rare"
EXPRESSION = "expression"
METHYLATION = "methylation"
PROTEIN_STATE = "protein_state"
TRANSCRIPT = "transcript"
SIGNATURE = "signature"
GENOTYPE = "genotype"
STRUCTURAL = "structural"
UNPARSED = "unparsed"

NOT_ASSESSABLE = frozenset(
    {
        DOMAIN,
        RARE,
        EXPRESSION,
        METHYLATION,
        PROTEIN_STATE,
        TRANSCRIPT,
        SIGNATURE,
        GENOTYPE,
        STRUCTURAL,
        UNPARSED,
    }
)


@dataclass(frozen=True)
class Component:
    """One thing that a profile asks for.

    Attributes:
        kind: One of the constants of this module.
        gene: Gene symbol; empty for fusions (see `partners`) and whole-tumor markers.
        name: The component as the source writes it.
        changes: Protein changes, any of which will do.
        coding: HGVS c. names without accession, any of which will do.
        codons: Reference residue (or empty) and 1-based codon, any of which will do.
        exons: First and last exon, 1-based inclusive.
        what: For exons: mutation, deletion, insertion, frameshift or skipping.
        partners: 5' and 3' gene of a fusion; empty for any gene.
        rsid: dbSNP identifier, lower case.
    """

    kind: str
    gene: str
    name: str
    changes: tuple[ProteinChange, ...] = ()
    coding: tuple[str, ...] = ()
    codons: tuple[tuple[str, int], ...] = ()
    exons: tuple[int, int] | None = None
    what: str = ""
    partners: tuple[str, str] | None = None
    rsid: str = ""


@dataclass(frozen=True)
class Not:
    """The negation of a profile."""

    operand: Profile


@dataclass(frozen=True)
class Joined:
    """Profiles joined by AND or OR.

    Attributes:
        operator: AND or OR.
        operands: At least two profiles.
    """

    operator: str
    operands: tuple[Profile, ...]


Profile = Component | Not | Joined

_OPERATORS = frozenset({"(", ")", "AND", "OR", "NOT"})


def parse(name: str) -> Profile:
    """Read the name of a molecular profile.

    Args:
        name: The name as CIViC gives it.

    Returns:
        A tree of components. A name that cannot be read is one component of kind `unparsed`.
    """
    tokens = _tokens(name)
    try:
        profile, rest = _either(tokens)
    except (IndexError, ValueError):
        return Component(UNPARSED, "", name.strip())
    if rest:
        return Component(UNPARSED, "", name.strip())
    return profile


def components(profile: Profile) -> Iterator[Component]:
    """The components of a profile, from left to right, those under NOT too."""
    if isinstance(profile, Component):
        yield profile
    elif isinstance(profile, Not):
        yield from components(profile.operand)
    else:
        for operand in profile.operands:
            yield from components(operand)


def genes(component: Component) -> tuple[str, ...]:
    """The genes that a component looks at; none for a marker of the whole tumor."""
    if component.partners:
        return tuple(gene for gene in component.partners if gene)
    return (component.gene,) if component.gene else ()


def genes_named(names: Iterable[str]) -> set[str]:
    """The genes that molecular profiles look at.

    Args:
        names: Names of profiles, as CIViC gives them.
    """
    return {gene for name in names for part in components(parse(name)) for gene in genes(part)}


def _tokens(name: str) -> list[str]:
    """Words and operators. Brackets are operators only when they stand apart, as in CIViC."""
    tokens: list[str] = []
    words: list[str] = []
    for word in name.split():
        if word in _OPERATORS:
            if words:
                tokens.append(" ".join(words))
            words = []
            tokens.append(word)
        elif word == "and" and words:  # P25S (c.73C>T) and L63V (c.187C>G): two of one gene
            tokens += [" ".join(words), "AND"]
            words = words[:1]
        else:
            words.append(word)
    if words:
        tokens.append(" ".join(words))
    return tokens


def _either(tokens: list[str]) -> tuple[Profile, list[str]]:
    return _joined(tokens, "OR", _both)


def _both(tokens: list[str]) -> tuple[Profile, list[str]]:
    return _joined(tokens, "AND", _single)


def _joined(
    tokens: list[str],
    operator: str,
    operand: Callable[[list[str]], tuple[Profile, list[str]]],
) -> tuple[Profile, list[str]]:
    first, rest = operand(tokens)
    operands = [first]
    while rest and rest[0] == operator:
        following, rest = operand(rest[1:])
        operands.append(following)
    return (Joined(operator, tuple(operands)) if len(operands) > 1 else first), rest


def _single(tokens: list[str]) -> tuple[Profile, list[str]]:
    token = tokens[0]
    if token == "NOT":
        operand, rest = _single(tokens[1:])
        return Not(operand), rest
    if token == "(":
        inner, rest = _either(tokens[1:])
        if rest[0] != ")":
            raise ValueError("bracket is not closed")
        return inner, rest[1:]
    if token in _OPERATORS:
        raise ValueError("operator without operand")
    return component_of(token), tokens[1:]


_TERMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"mutations?|alteration", MUTATION),
        (r"activating mutation|gain-of-function", ACTIVATING),
        (
            r"(loss-of-function|deleterious mutation|inactivating mutation"
            r"|inactivation)( mutation)?",
            LOSS_OF_FUNCTION,
        ),
        (
            r"truncating mutation|truncation|frameshift truncation|frameshift"
            r"|n-terminal frame ?shift",
            TRUNCATING,
        ),
        (r"biallelic inactivation|loss", ALLELE_LOSS),
        (r"deletion|null \(large deletion\)", DELETION),
        (r"itd|internal duplication|internal tandem duplication", TANDEM_DUPLICATION),
        (r"promoter mutation", PROMOTER),
        (r"wild[- ]?type", WILDTYPE),
        (r"amplification", AMPLIFICATION),
        (r"copy number variation", COPY_NUMBER),
        (r"loh|copy-neutral loss of heterozygosity", HETEROZYGOSITY),
        (r"fusions?", FUSION),
        (r"rearrangements?|translocation|intron \d+ rearrangement", REARRANGEMENT),
        (r"rare( exon [\d-]+)? mutation", RARE),
        (r".*\b(domain|p-loop|tkd)\b.*", DOMAIN),
        (r".*(methylation).*", METHYLATION),
        (r".*(phosphorylation|translocation|mislocalization|serum levels).*", PROTEIN_STATE),
        (r".*expression", EXPRESSION),
        (
            r"alternative transcript \(ati\)|ar-v\d+|cd44v6|viii|egfrviii|intron \d+ mutation",
            TRANSCRIPT,
        ),
        (
            r"null \(partial.*|alu insertion|3' exon deletion|intronic deletion.*|.*\dmb del"
            r"|double ph|reg_e@.*|c\..*\?.*|[a-z]\d+ deletion",
            STRUCTURAL,
        ),
        (r".*homozygosity|.*genotype|\w+\*\d+\w?|.*polymorphism|snp\d+|3trp.*", GENOTYPE),
    )
)
_WHOLE_TUMOR = re.compile(r"(TMB|MSI|HRD|Kataegis|Methylation signature|CK)\b.*", re.IGNORECASE)
_EXON = re.compile(
    r"exon (?P<first>\d+)(?:-(?P<last>\d+))? (?P<what>mutation|deletion|del|insertion|frameshift"
    r"|skipping mutation)",
    re.IGNORECASE,
)
_BREAKPOINTS = re.compile(r"e\d+::e\d+", re.IGNORECASE)
_CODONS = re.compile(r"(?P<ref>[A-Z])(?P<pos>\d+)(?:/(?P<ref2>[A-Z])(?P<pos2>\d+))?")
_ALTERNATIVES = re.compile(r"(?P<stem>[A-Z*]\d+)(?P<alts>[A-Z*](?:/[A-Z*])+)")
_INSERTED = re.compile(r"(?P<pos>\d+)ins(?P<alt>[A-Z]+)")
_WITH_CODING = re.compile(r"(?P<first>[^()]*?)\s*\(?(?P<coding>c\.[^()\s]*)\)?")
_LEGACY_CODING = re.compile(
    r"(?P<pos>\d+)(?P<edit>del[ACGT]*|ins[ACGT]+|dup[ACGT]*)", re.IGNORECASE
)
_PROMOTER_BASE = re.compile(r"C(?P<pos>\d{3})T")
_GENE = re.compile(r"[A-Za-z0-9@._-]+")


def component_of(text: str) -> Component:
    """Read one component: a gene (or fusion) and what of it is asked for."""
    if _WHOLE_TUMOR.fullmatch(text):
        return Component(SIGNATURE, "", text)
    gene, _, rest = text.partition(" ")
    if not rest or not _GENE.fullmatch(gene.replace("::", "").replace("?", "")):
        return Component(UNPARSED, "", text)
    if "::" in gene:
        return _fusion(gene, rest, text)
    if rest.startswith(f"{gene} "):
        rest = rest[len(gene) + 1 :]
    if "::" in rest and rest.lower().endswith("fusion"):
        return _fusion(rest.split()[0], "Fusion", text)
    return _of_gene(gene, rest.strip(), text)


def _fusion(pair: str, rest: str, text: str) -> Component:
    five, _, three = pair.partition("::")
    partners = (five if five not in ("v", "?") else "", three if three not in ("v", "?") else "")
    if not any(partners):
        return Component(UNPARSED, "", text)
    if re.fullmatch(r"fusions?|rearrangements?", rest, re.IGNORECASE):
        return Component(FUSION, "", text, partners=partners)
    if _BREAKPOINTS.fullmatch(rest):
        return Component(FUSION, "", text, partners=partners, what=rest.lower())
    return Component(UNPARSED, "", text, partners=partners)


def _of_gene(gene: str, rest: str, text: str) -> Component:
    for read in (_from_change, _from_exon, _from_coding, _from_term):
        component = read(gene, rest, text)
        if component:
            return component
    return Component(UNPARSED, gene, text)


def _from_exon(gene: str, rest: str, text: str) -> Component | None:
    match = _EXON.fullmatch(rest)
    if not match:
        return None
    first = int(match["first"])
    what = {"del": "deletion", "skipping mutation": "skipping"}.get(
        match["what"].lower(), match["what"].lower()
    )
    return Component(EXON, gene, text, exons=(first, int(match["last"] or first)), what=what)


def _from_change(gene: str, rest: str, text: str) -> Component | None:
    if _LEGACY_CODING.fullmatch(rest):  # 1100DELC is of bases, not of residues
        return None
    if match := re.fullmatch(r"Non-[A-Z](\d+)", rest):
        return Component(NOT_CODON, gene, text, codons=(("", int(match[1])),))
    if match := re.fullmatch(r"rs\d+", rest, re.IGNORECASE):
        return Component(RSID, gene, text, rsid=rest.lower())
    if _PROMOTER_BASE.fullmatch(rest) and gene == "TERT":
        return Component(NUMBERED_PROMOTER, gene, text, what=rest)
    if match := _CODONS.fullmatch(rest):
        codons = [(match["ref"], int(match["pos"]))]
        if match["pos2"]:
            codons.append((match["ref2"], int(match["pos2"])))
        return Component(CODON, gene, text, codons=tuple(codons))
    if match := _ALTERNATIVES.fullmatch(rest):
        read = [proteins.parse(match["stem"] + alt) for alt in match["alts"].split("/")]
        return Component(PROTEIN, gene, text, changes=tuple(c for c in read if c))
    change = proteins.parse(rest)
    return Component(PROTEIN, gene, text, changes=(change,)) if change else None


def _from_coding(gene: str, rest: str, text: str) -> Component | None:
    match = _WITH_CODING.fullmatch(rest)
    if not match:
        legacy = _LEGACY_CODING.fullmatch(rest)
        if legacy:
            name = normal_coding(f"c.{legacy['pos']}{legacy['edit'].lower()}")
            return Component(CODING, gene, text, coding=(name,))
        if re.fullmatch(r"IVS\d+[+-]\d+[ACGT]>[ACGT]", rest, re.IGNORECASE):
            return Component(TRANSCRIPT, gene, text)
        plain = re.fullmatch(r"(?P<change>[A-Z*]\d+[A-Z*]) \(exon \w+\)", rest)
        change = proteins.parse(plain["change"]) if plain else None
        return Component(PROTEIN, gene, text, changes=(change,)) if change else None
    coding = (normal_coding(match["coding"]),)
    if "?" in match["coding"] or "−" in match["coding"]:
        return Component(STRUCTURAL, gene, text)
    first = match["first"].strip()
    change = proteins.parse(first) if first else None
    if change is None and (inserted := _INSERTED.fullmatch(first)):
        position = int(inserted["pos"])
        change = ProteinChange(proteins.INSERTION, position, position + 1, alt=inserted["alt"])
    if change:
        return Component(PROTEIN, gene, text, changes=(change,), coding=coding)
    if not first or re.fullmatch(
        r"splice (site|region)|\d'UTR alteration|R\d+ins", first, re.IGNORECASE
    ):
        return Component(CODING, gene, text, coding=coding)
    return None


def _from_term(gene: str, rest: str, text: str) -> Component | None:
    for pattern, kind in _TERMS:
        if pattern.fullmatch(rest):
            if kind == FUSION:
                return Component(FUSION, gene, text, partners=None)
            return Component(kind, gene, text)
    return None


def normal_coding(name: str) -> str:
    """An HGVS c. name without the bases that a deletion or duplication needs not state."""
    core = name.rsplit(":", 1)[-1].strip("() ")
    core = re.sub(r"del[ACGTN\d]*ins", "delins", core)
    core = re.sub(r"(del|dup)[ACGTN\d]+$", r"\1", core)
    return core

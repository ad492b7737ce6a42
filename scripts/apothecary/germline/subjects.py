"""A variant of a person in one of the genes that are agreed to, with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.germline.frequencies import Frequency
from apothecary.germline.genes import Places
from apothecary.oncogenes import findings
from apothecary.oncogenes.sop import subject as sop
from apothecary.oncogenes.sop.score_files import Place
from apothecary.oncogenes.sop.subject import Locus, Subject

Row = Mapping[str, Any]
_SPLICE_REGION = frozenset(
    {
        "splice_region_variant",
        "splice_donor_5th_base_variant",
        "splice_donor_region_variant",
        "splice_polypyrimidine_tract_variant",
    }
)
_TRUNCATING = frozenset({"stop_gained", "frameshift_variant"}) | findings.SPLICE_TERMS


@dataclass(frozen=True)
class Variant:
    """A variant in a gene.

    Attributes:
        of: The variant as the procedures of classification see it.
        row: Its row of consequences; none where nothing names it in the gene.
        place: Its place in GRCh38; None for a GRCh37 variant that nothing lifts.
        frequency: How frequent it is.
    """

    of: Subject
    row: Row | None
    place: Place | None
    frequency: Frequency

    @property
    def gene(self) -> str:
        """Gene symbol."""
        return self.of.gene

    @property
    def named(self) -> bool:
        """Whether something tells what it does in the gene."""
        return bool(self.of.terms)

    @property
    def named_by(self) -> str:
        """What names it: gene models, a source of the knowledge, or the input."""
        if self.row is None or self.row["method"] == "csq":
            return "gene models"
        return str(self.row["source_id"] or "input")

    @property
    def truncating(self) -> bool:
        """Whether it is a stop, a frameshift or a change of a canonical splice site."""
        return bool(self.of.terms & _TRUNCATING)

    @property
    def missense(self) -> bool:
        """Whether one residue takes the place of one."""
        return "missense_variant" in self.of.terms or self.of.substitution

    @property
    def near_splice_site(self) -> bool:
        """Whether splicing may be hit beside the change of the protein."""
        return bool(self.of.terms & (_SPLICE_REGION | findings.SPLICE_TERMS))

    @property
    def residue(self) -> str:
        """The substitution as V600E; empty for anything else."""
        change = self.of.change
        simple = self.of.substitution and change is not None
        return change.one_letter() if simple and change is not None else ""

    @property
    def alters(self) -> bool:
        """Whether it changes the protein, or may change the splicing of its messenger."""
        return bool(self.of.terms & findings.ALTERING_TERMS) or self.near_splice_site


def in_genes(
    locus: Locus,
    rows: Iterable[Row],
    entries: list[dict[str, str]],
    genes: Iterable[str],
    places: Places,
) -> list[tuple[Subject, Row | None]]:
    """A variant in each gene of a person that it lies in.

    A gene at the place that nothing names a consequence in is kept, without terms: what is not
    named is not without effect.

    Args:
        locus: Where the variant is.
        rows: Its rows of the table `consequences`.
        entries: Annotation of the input, fields by name.
        genes: The genes that the person agreed to.
        places: Where listed genes lie.

    Returns:
        Variant and row of consequences by gene, sorted by gene.
    """
    agreed = set(genes)
    build, chrom, pos, ref, _ = locus
    own = [row for row in rows if row["gene"] in agreed]
    found: dict[str, tuple[Subject, Row | None]] = {}
    for one in sop.subjects(locus, own, entries, None, frequency_asked=False):
        row = next(r for r in own if (r["gene"], r["transcript"]) == (one.gene, one.transcript))
        found[one.gene] = (one, row)
    here = places.at(build, chrom, pos, pos + len(ref) - 1)
    for gene in sorted(agreed & here.keys() - found.keys()):
        found[gene] = (Subject(locus, gene), None)
    return [found[gene] for gene in sorted(found)]

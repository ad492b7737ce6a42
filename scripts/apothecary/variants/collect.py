"""The rows of one sample: each record that may be read gets its fate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from apothecary.variants import alleles, conventions, copy_marks, duplicates, filters
from apothecary.variants.alleles import REFERENCE_ALLELES, Genotype
from apothecary.variants.conventions import Evidence
from apothecary.variants.coverage import Covered, Piece, cover
from apothecary.variants.filters import Reason, Thresholds
from apothecary.variants.matched_normal import INHERITED, Normal
from apothecary.variants.records import RecordBlock
from apothecary.variants.regions import Position, Regions
from apothecary.variants.view import FileContext, Row, View

PRECEDENCE = (
    "kept", "conflicting", "duplicate", "filtered", "no_call", "reference", "symbolic", "rejected",
)  # fmt: skip
"""The fate of a record with several alternate alleles: the first of these that one of them has."""


@dataclass
class Collector:
    """Gathers the rows of one sample.

    Attributes:
        sample_id: The sample.
        column: Number of the sample among those of the blocks; None when the file has none.
        role: germline, tumor or normal.
        sex: F, M or unknown.
        regions: What may be read of the sample.
        thresholds: What a call must have.
        context: What the samples of the file share.
        normal: The normal of a tumor, where the file has both.
        fates: Records that were counted without a row, by fate and reason.
    """

    sample_id: str
    column: int | None
    role: str
    sex: str
    regions: Regions
    thresholds: Thresholds
    context: FileContext
    normal: Normal | None = None
    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    _rows: list[tuple[Row, str]] = field(default_factory=list)
    _pieces: dict[Position, list[Piece]] = field(default_factory=dict)
    _sources: list[tuple[View, str]] = field(default_factory=list)
    _genotypes: dict[int, str] = field(default_factory=dict)
    _direct: set[Position] = field(default_factory=set)

    def take(self, view: View) -> None:
        """Take one record: keep its rows, or count it."""
        block = view.block
        if not self._may_see(view):
            withheld = self.regions.is_withheld(block.chrom, block.pos, block.end)
            self.fates[WITHHELD if withheld else OUTSIDE] += 1
            return
        if self.normal and self.normal.withholds(block, self.context):
            self.fates[WITHHELD] += 1
            return
        text = "." if self.column is None else block.genotype_texts[self.column]
        genotype = alleles.genotype(text)
        self._genotypes[block.record] = text
        if view.ref_agrees is False:
            said = "REF is not the reference sequence (another build, the other strand, or swapped)"
            self._whole(view, text, genotype, "rejected", Reason(said, said))
            return
        evidence = self._evidence(block)
        if evidence.broken:
            kind = "a value that must be a number is none"
            self._whole(view, text, genotype, "rejected", Reason(evidence.broken, kind), evidence)
            return
        ploidy = None
        if self.role != "tumor":
            ploidy = filters.by_ploidy(block.chrom, genotype, self.sex, block.alts)
        if ploidy:
            self._whole(view, text, genotype, *ploidy, evidence)
            return
        self._called(view, text, genotype, evidence)

    def _may_see(self, view: View) -> bool:
        block = view.block
        if self.regions.overlaps(block.chrom, block.pos, block.end):
            return True
        return any(
            self.regions.overlaps(block.chrom, s.pos, s.pos + len(s.ref) - 1)
            for s in view.spelled
            if (s.pos, s.ref) != (block.pos, block.ref)
        )

    def _evidence(self, block: RecordBlock) -> Evidence:
        if block.format == ("GT",) and block.info in (".", ""):
            return conventions.NO_EVIDENCE
        sole = len(self.context.header.samples) <= 1
        return conventions.evidence(block, self.column, self.context.conventions, sole=sole)

    def _called(self, view: View, text: str, genotype: Genotype, evidence: Evidence) -> None:
        block = view.block
        called = sorted({a for a in genotype.alleles if a})
        if genotype.missing:
            if self.role != "tumor" or block.reference_only:
                self._whole(view, text, genotype, "no_call", _MISSING, evidence)
                return
            called = [at for at, alt in enumerate(block.alts, 1) if alt not in REFERENCE_ALLELES]
        elif genotype.partial and self.role != "tumor":
            self._whole(view, text, genotype, "no_call", _PARTIAL, evidence)
            return
        if not called:
            self._reference(view, text, genotype, evidence)
        elif any(block.alts[a - 1] in REFERENCE_ALLELES for a in called):
            self._whole(view, text, genotype, "no_call", _UNNAMED, evidence)
        else:
            for allele in called:
                self._alternate(view, text, genotype, evidence, allele)

    def _alternate(
        self, view: View, text: str, genotype: Genotype, evidence: Evidence, allele: int
    ) -> None:
        block = view.block
        if not alleles.is_bases(block.alts[allele - 1]):
            reason = _SPANNED if block.alts[allele - 1] == "*" else _SYMBOLIC
            self._add(view, text, genotype, evidence, allele, "symbolic", reason)
            self._rows[-1][0]["sv_length"] = block.added_bases(allele)
            return
        reasons = filters.by_filter(
            block.filters, self._sample_filter(block), self.context.header.filters, reference=False
        )
        reasons += filters.evidence_reasons(self.thresholds, evidence, block, allele)
        if self.normal and self.normal.carries(block, self.context):
            reasons.append(INHERITED)
        fate = "filtered" if reasons else "kept"
        self._add(
            view, text, genotype, evidence, allele, fate, filters.joined(reasons) or filters.PASSES
        )

    def _reference(self, view: View, text: str, genotype: Genotype, evidence: Evidence) -> None:
        block = view.block
        reasons = filters.by_filter(
            block.filters, self._sample_filter(block), self.context.header.filters, reference=True
        )
        reasons += filters.evidence_reasons(self.thresholds, evidence, block, 0)
        failing = filters.joined(reasons)
        fate = "no_call" if failing else "reference"
        positions = self.regions.positions_over(block.chrom, block.pos, block.end)
        here = [p for p in positions if p.pos == block.pos]
        if positions:
            self._add_pieces(view, text, evidence, failing, positions)
        if here and not block.is_reference_block:
            self._direct.update(p for p in here if p.end <= block.end)
            self._add(view, text, genotype, evidence, 0, fate, failing or _REFERENCE)
        else:
            self.fates[fate, failing.kind if failing else _REFERENCE.kind] += 1

    def _add_pieces(
        self,
        view: View,
        text: str,
        evidence: Evidence,
        failing: Reason | None,
        positions: list[Position],
    ) -> None:
        block = view.block
        piece = Piece(
            block.pos,
            block.end,
            block.record,
            evidence.depth,
            evidence.gq,
            failing,
            len(self._sources),
        )
        self._sources.append((view, text))
        for position in positions:
            self._pieces.setdefault(position, []).append(piece)

    def _sample_filter(self, block: RecordBlock) -> str | None:
        return None if self.column is None else block.value(self.column, "FT")

    def _whole(
        self,
        view: View,
        text: str,
        genotype: Genotype,
        fate: str,
        reason: Reason,
        evidence: Evidence = conventions.NO_EVIDENCE,
    ) -> None:
        """Add the alleles that a genotype names, or the record as one, with the same fate."""
        block = view.block
        if block.is_reference_block:
            self._add_block_without_call(view, fate, reason)
            return
        named = sorted({a for a in genotype.alleles if a and a <= len(block.alts)})
        for allele in named or [0]:
            self._add(view, text, genotype, evidence, allele, fate, reason)

    def _add_block_without_call(self, view: View, fate: str, reason: Reason) -> None:
        block = view.block
        positions = self.regions.positions_over(block.chrom, block.pos, block.end)
        if positions:
            text = self._genotypes[block.record]
            self._add_pieces(view, text, self._evidence(block), reason, positions)
        self.fates[fate, reason.kind] += 1

    def _add(
        self,
        view: View,
        text: str,
        genotype: Genotype,
        evidence: Evidence,
        allele: int,
        fate: str,
        reason: Reason,
    ) -> None:
        row = {**view.base, "sample_id": self.sample_id, "fate": fate}
        remark = evidence.remark
        said = None if reason in (filters.PASSES, _REFERENCE) else reason.text
        row["reason"] = "; ".join(part for part in (said, remark) if part) or None
        self._measure(row, view.block, text, genotype, evidence, allele)
        if allele:
            spelled = view.spelled[allele - 1]
            row.update(pos=spelled.pos, ref=spelled.ref, alt=spelled.alt, allele_index=allele)
            row.update(view.annotated.get(allele, {}))
            if row.get("clinvar") and not self._may_tell_conditions(view, spelled.pos):
                row["clinvar"] = None
            marks = copy_marks.of_allele(self.context.header, view.block, allele)
            row.update(marks)
            if marks:
                told = copy_marks.words(marks["copy_places"], marks["copy_signs"])
                row["reason"] = "; ".join(part for part in (row["reason"], told) if part)
        self._rows.append((row, reason.kind))

    def _may_tell_conditions(self, view: View, pos: int) -> bool:
        """Whether conditions of the germline are agreed to here.

        Consent for a position of a pharmacogene opens none, and neither does that for a tumor.
        """
        return self.role != "tumor" and self.regions.in_genes(view.block.chrom, pos, pos)

    def _measure(
        self,
        row: Row,
        block: RecordBlock,
        text: str,
        genotype: Genotype,
        evidence: Evidence,
        allele: int,
    ) -> None:
        row["genotype"], row["phased"], row["phase_set"] = self._phase(block, text, genotype)
        if evidence is conventions.NO_EVIDENCE:
            return
        row["depth"] = evidence.depth
        row["ref_depth"] = evidence.ref_depth
        row["gq"] = evidence.gq
        row["likelihoods"] = evidence.likelihoods
        if 0 < allele <= len(evidence.alt_depths):
            row["alt_depth"] = evidence.alt_depths[allele - 1]
        if 0 < allele <= len(evidence.vafs) and not evidence.disagree:
            row["vaf"] = evidence.vafs[allele - 1]

    def _phase(
        self, block: RecordBlock, text: str, genotype: Genotype
    ) -> tuple[str, bool, str | None]:
        if self.column is None or block.format == ("GT",):
            return text, genotype.phased, None
        phase_set = block.value(self.column, "PS")
        physical = block.value(self.column, "PGT")
        group = block.value(self.column, "PID")
        if genotype.phased or phase_set or not (physical and group):
            return text, genotype.phased, phase_set
        same = sorted(physical.split("|")) == sorted(text.replace("|", "/").split("/"))
        return (physical, True, group) if same else (text, False, None)

    def hand_back(self, row: Row, kind: str) -> None:
        """Take the row of a record that was kept as columns; its GT is that of the file."""
        self._rows.append((row, kind))
        self._genotypes[row["record"]] = row["genotype"]
        key = (row["chrom"], row["pos"], row["ref"], row["alt"])
        self.context.allele_records.setdefault(key, []).append((row["record"], 1))

    def finish(self) -> tuple[list[Row], Counter[tuple[str, str]]]:
        """Resolve duplicates and covered positions.

        Returns:
            The rows of the table variants, and the number of records by fate and reason.
        """
        duplicates.resolve(
            self._rows,
            self._genotypes,
            self.context.allele_records,
            genotype_needed=self.role != "tumor",
        )
        fates = Counter(self.fates)
        of_record: dict[int, tuple[str, str]] = {}
        for row, kind in self._rows:
            found = (row["fate"], kind)
            held = of_record.get(row["record"])
            if held is None or PRECEDENCE.index(found[0]) < PRECEDENCE.index(held[0]):
                of_record[row["record"]] = found
        fates.update(of_record.values())
        rows = [row for row, _ in self._rows]
        for position in sorted(self._pieces):
            if position not in self._direct:
                covered = cover(position, self._pieces[position])
                if covered is not None:
                    rows.append(self._covered_row(position, covered))
        return rows, fates

    def _covered_row(self, position: Position, covered: Covered) -> Row:
        view, text = self._sources[covered.pieces[0].source]
        views = [self._sources[piece.source][0] for piece in covered.pieces]
        named = dict.fromkeys(v.block.filters for v in views)
        alone = len(views) == 1
        evidence = self._evidence(view.block)
        return {
            **view.base,
            "sample_id": self.sample_id,
            "pos": position.pos,
            "ref": position.ref,
            "rsid": None,
            "genotype": text,
            "phased": alleles.genotype(text).phased,
            "depth": covered.depth,
            "gq": covered.gq,
            "filters": ";".join(n for n in named if n not in (".", "PASS")) or next(iter(named)),
            "likelihoods": evidence.likelihoods if alone else None,
            "block_end": covered.pieces[-1].end,
            "fate": "no_call" if covered.failing else "reference",
            "reason": covered.failing.text if covered.failing else None,
        }


WITHHELD = ("withheld", "lies where consent is lacking")
OUTSIDE = ("outside", "lies in no analysed region")
_REFERENCE = Reason("seen as reference", "seen as reference")
_MISSING = Reason("the genotype is missing", "the genotype is missing")
_PARTIAL = Reason("the genotype is partly missing", "the genotype is partly missing")
_UNNAMED = Reason("the genotype names no allele", "the genotype names no allele")
_SPANNED = Reason("deleted by a variant upstream (*)", "deleted by a variant upstream (*)")
_SYMBOLIC = Reason(
    "a symbolic allele or breakend, not read here", "a symbolic allele or breakend, not read here"
)

"""The plain records of a tumor, kept as columns from the bytes of the file to the table.

What stands here of a record is what `collect.Collector` makes of it; records that it cannot tell in
bulk it leaves to the collector. Records at the place of another one are handed back to it as well,
since they may repeat or contradict each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from apothecary.variants import (
    copy_marks,
    filters,
    normalise,
    plain,
    plain_evidence,
    reference,
    slices,
    stored,
)
from apothecary.variants.collect import Collector
from apothecary.variants.filters import Reason, Thresholds
from apothecary.variants.plain import Stretch
from apothecary.variants.plain_evidence import Fields, Layout, Measures
from apothecary.variants.slices import Mask, Places
from apothecary.variants.view import UNCHECKED, AlleleKey, FileContext, Row

_FIRST_SAMPLE = 9
_MOST_WORDS = 100_000
_MOST_FORMATS = 8
"""Different FORMATs in one stretch of lines that are looked at."""


@dataclass
class Columns:
    """Gathers the plain records of one tumor of which everything may be read.

    Attributes:
        column: Number of the sample in the file, from 0.
        thresholds: What a call must have.
        context: What the samples of the file share.
        folder: A folder of its own for what is gathered.
        fates: Records taken, by fate and reason.
    """

    column: int
    thresholds: Thresholds
    context: FileContext
    folder: Path
    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    _writers: dict[str, pa.RecordBatchFileWriter] = field(default_factory=dict)
    _positions: dict[str, list[Places]] = field(default_factory=dict)
    _layouts: dict[bytes, Layout | None] = field(default_factory=dict)
    _words: dict[tuple[bytes, tuple[Any, ...]], Reason | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls, column: int, thresholds: Thresholds, context: FileContext, folder: Path
    ) -> Columns | None:
        """Columns for a file; None where INFO holds more that goes into rows than depths."""
        silent = context.annotator.silent and copy_marks.PLACES not in context.header.info
        return cls(column, thresholds, context, folder) if silent else None

    def take(self, stretch: Stretch, chrom: str, good: Mask) -> Mask:
        """Take what can be told in bulk of the plain records of a stretch.

        Args:
            stretch: Neighbouring lines of one contig.
            chrom: Its chromosome, with chr.
            good: Which of them hold a plain record.

        Returns:
            Which of them were taken.
        """
        taken = np.zeros(len(stretch), dtype=np.bool_)
        form = stretch.column(plain.FORMAT)
        rest = good & plain_evidence.info_depth_is_plain(stretch.column(plain.INFO))
        colons = np.flatnonzero(stretch.data == ord(":"))
        for _ in range(_MOST_FORMATS):
            if not rest.any():
                break
            first = int(rest.argmax())
            text = stretch.text[form.starts[first] : form.ends[first]]
            same = form.are(text.decode("ascii"))
            shape = self._layout(text)
            if shape is not None:
                taken[self._take(stretch, chrom, np.flatnonzero(rest & same), colons, shape)] = True
            rest &= ~same
        return taken

    def _layout(self, form: bytes) -> Layout | None:
        if form not in self._layouts:
            names = form.decode("ascii").split(":")
            self._layouts[form] = plain_evidence.layout(names, self.context.conventions)
        return self._layouts[form]

    def _take(
        self, stretch: Stretch, chrom: str, lines: Places, colons: Places, shape: Layout
    ) -> Places:
        """Take records of one FORMAT, by number of their lines; gives those taken."""
        fields, whole = plain_evidence.split(
            stretch.column(_FIRST_SAMPLE + self.column).of(lines), colons, shape.fields
        )
        lines = lines[whole]
        said = plain_evidence.measures(fields, shape)
        qual = stretch.column(plain.QUAL).of(lines)
        quality, numbers = plain_evidence.decimals(qual)
        missing = qual.are(".")
        named = stretch.column(plain.FILTER).of(lines)
        good = said.good & (numbers | missing) & (named.lengths > 0) & _calls(fields, shape)
        known, unknown = self._agree(stretch, chrom, lines)
        good &= known | unknown
        if not good.any():
            return lines[good]
        self.context.counts[UNCHECKED] += int((unknown & good).sum())
        passes = named.are("PASS") | named.are(".")
        found = _Found(
            stretch, lines[good], fields, said, good, quality[good], missing[good], passes[good]
        )
        self._store(chrom, found, shape)
        return lines[good]

    def _agree(self, stretch: Stretch, chrom: str, lines: Places) -> tuple[Mask, Mask]:
        """Where REF is the reference sequence, and where that is not known."""
        positions = stretch.positions[0][lines]
        ref = stretch.column(plain.REF).of(lines)
        source = self.context.reference
        if source is None:
            return np.zeros(len(lines), dtype=np.bool_), np.ones(len(lines), dtype=np.bool_)
        letters = reference.letters(source, chrom, positions)
        known, unknown = letters == ref.at(0), letters == 0
        for at in np.flatnonzero(ref.lengths > 1).tolist():
            bases = stretch.text[ref.starts[at] : ref.ends[at]].decode("ascii")
            said = normalise.ref_agrees(chrom, int(positions[at]), bases, source)
            known[at], unknown[at] = said is True, said is None
        return known, unknown

    def _store(self, chrom: str, found: _Found, shape: Layout) -> None:
        reasons = self._reasons(found)
        columns = found.columns(shape)
        count = len(found.lines)
        failing = np.zeros(count, dtype=np.bool_)
        failing[list(reasons)] = True
        columns["fate"] = pc.if_else(pa.array(failing), "filtered", "kept")
        texts: list[str | None] = [None] * count
        kinds: list[str | None] = [None] * count
        for at, reason in reasons.items():
            texts[at], kinds[at] = reason
            self.fates["filtered", reason.kind] += 1
        self.fates["kept", filters.PASSES.kind] += count - len(reasons)
        columns["reason"], columns[stored.KIND] = (
            pa.array(words, pa.string()) if reasons else pa.nulls(count, pa.string())
            for words in (texts, kinds)
        )
        if chrom not in self._writers:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._writers[chrom] = pa.ipc.new_file(str(self._path(chrom)), stored.SCHEMA)
        self._writers[chrom].write_batch(stored.batch(columns, count))
        self._positions.setdefault(chrom, []).append(found.positions)

    def _path(self, chrom: str) -> Path:
        return self.folder / f"{chrom}.arrow"

    def _failing(self, found: _Found) -> dict[str, Mask]:
        """Where a record fails, by name of the threshold; those that none fails are left out."""
        missing_fails = not self.thresholds.missing_passes
        failing = {}
        for name, values in found.measured().items():
            least = getattr(self.thresholds, f"min_{name}")
            if least is None:
                continue
            if values is None:
                short = np.full(len(found.lines), missing_fails)
            elif name == "qual":
                short = np.where(found.no_quality, missing_fails, values < least)
            else:
                short = values < least
            if short.any():
                failing[name] = short
        return failing

    def _reasons(self, found: _Found) -> dict[int, Reason]:
        """Why records fail, in the words of `filters`, by their number."""
        below = self._failing(found)
        failing = ~found.passes
        for short in below.values():
            failing |= short
        chosen = np.flatnonzero(failing)
        named = found.stretch.column(plain.FILTER).of(found.lines[chosen])
        measured = found.measured()
        wanted: list[list[tuple[str, float | None]]] = [[] for _ in range(len(chosen))]
        for name, short in below.items():
            for at in np.flatnonzero(short[chosen]).tolist():
                value = None if measured[name] is None else measured[name][chosen[at]].item()
                missing = name == "qual" and found.no_quality[chosen[at]]
                wanted[at].append((name, None if missing else value))
        reasons = {}
        for at, number in enumerate(chosen.tolist()):
            text = found.stretch.text[named.starts[at] : named.ends[at]]
            reason = self._reason(text, tuple(wanted[at]))
            if reason is not None:
                reasons[number] = reason
        return reasons

    def _reason(self, named: bytes, values: tuple[tuple[str, float | None], ...]) -> Reason | None:
        key = (named, values)
        if key not in self._words:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            declared = self.context.header.filters
            said = filters.by_filter(named.decode("ascii"), None, declared, reference=False)
            said += filters.below(self.thresholds, dict(values))
            self._words[key] = filters.joined(said)
        return self._words[key]

    def finish(self, collector: Collector) -> list[Row]:
        """End the gathering; records at the place of others go to the collector of the sample.

        Returns:
            An entry for each file: `sample_id`, `build`, `chrom`, `path`, and `dropped`, the
            numbers of the records that went to the collector.
        """
        records = self.context.allele_records
        shared = self._shared(records)
        entries = []
        for chrom, writer in sorted(self._writers.items()):
            writer.close()
            entry: Row = {
                "sample_id": collector.sample_id,
                "build": self.context.build,
                "chrom": chrom,
                "path": str(self._path(chrom)),
                "dropped": [],
            }
            if chrom in shared:
                held = stored.read(entry["path"])
                held = held.filter(pc.is_in(held["pos"], pa.array(shared[chrom])))
                self._hand_back(held, entry, collector)
                entry["dropped"] = held["record"].to_pylist()
            entries.append(entry)
        # As if all had been listed in the order of the file.
        ordered = sorted((sorted(found), key) for key, found in records.items())
        records.clear()
        records.update({key: found for found, key in ordered})
        collector.fates.update(self.fates)
        return entries

    def _hand_back(self, held: pa.Table, entry: Row, collector: Collector) -> None:
        kinds = held[stored.KIND].to_pylist()
        for row, kind in zip(stored.completed(held, entry).to_pylist(), kinds, strict=True):
            collector.hand_back(row, kind or filters.PASSES.kind)
            self.fates[row["fate"], kind or filters.PASSES.kind] -= 1

    def _shared(self, others: Mapping[AlleleKey, Any]) -> dict[str, Places]:
        """The positions at which there is more than one record, by chromosome.

        Args:
            others: Alleles of the records that were not taken.
        """
        of_others: dict[str, set[int]] = {}
        for chrom, pos, _, _ in others:
            of_others.setdefault(chrom, set()).add(pos)
        found = {}
        for chrom, parts in self._positions.items():
            taken = np.concatenate(parts)
            if (np.diff(taken) <= 0).any():
                taken = np.sort(taken)
            listed = np.array(sorted(of_others.get(chrom, ())), dtype=np.int64)
            here = np.minimum(np.searchsorted(taken, listed), len(taken) - 1)
            repeated = taken[1:][np.diff(taken) == 0]
            if len(shared := np.union1d(repeated, listed[taken[here] == listed])):
                found[chrom] = shared
        return found


@dataclass(frozen=True)
class _Found:
    """Records that are taken.

    Attributes:
        stretch: The lines that they are among.
        lines: Numbers of their lines there.
        fields: Values of the sample, of a selection of lines in which `good` are these.
        said: What reads say of the same selection.
        good: Which of the selection are these.
        quality: QUAL of these.
        no_quality: Where it is missing.
        passes: Whether FILTER is PASS or a dot.
    """

    stretch: Stretch
    lines: Places
    fields: Fields
    said: Measures
    good: Mask
    quality: Any
    no_quality: Mask
    passes: Mask

    @property
    def positions(self) -> Places:
        return self.stretch.positions[0][self.lines]

    def measured(self) -> dict[str, Any]:
        """Values by the name of their threshold; None for what the file does not give."""
        said = self.said
        each = {"depth": said.depth, "gq": said.gq, "vaf": said.vaf, "alt_depth": said.alt_depth}
        chosen = {name: None if v is None else v[self.good] for name, v in each.items()}
        return {
            name: self.quality if name == "qual" else chosen[name]
            for name in ("depth", "gq", "qual", "vaf", "alt_depth")
        }

    def columns(self, shape: Layout) -> dict[str, pa.Array]:
        """Columns of the table variants."""
        stretch, fields = self.stretch, self.fields
        measured = self.measured()
        genotype = fields.field(0).of(self.good)
        identity = stretch.column(plain.ID).of(self.lines)
        found = {
            "pos": self.positions,
            "ref": slices.texts(stretch.column(plain.REF).of(self.lines)),
            "alt": slices.texts(stretch.column(plain.ALT).of(self.lines)),
            "record": stretch.first + self.lines,
            "genotype": slices.texts(genotype),
            "phased": (genotype.lengths == 3) & (genotype.at(1) == ord("|")),
            "depth": measured["depth"],
            "ref_depth": None if self.said.ref_depth is None else self.said.ref_depth[self.good],
            "alt_depth": measured["alt_depth"],
            "vaf": measured["vaf"],
            "gq": measured["gq"],
            "qual": pa.array(self.quality, mask=self.no_quality),
            "filters": slices.texts(stretch.column(plain.FILTER).of(self.lines)),
            "rsid": slices.texts(identity, identity.are(".")),
        }
        if self.said.likelihoods is not None:
            found["likelihoods"] = slices.texts(self.said.likelihoods.of(self.good))
        if shape.phase_set is not None:
            group = fields.field(shape.phase_set).of(self.good)
            found["phase_set"] = slices.texts(group, group.are(".") | (group.lengths == 0))
        return {
            name: value if isinstance(value, pa.Array) else pa.array(value)
            for name, value in found.items()
            if value is not None
        }


def _calls(fields: Fields, shape: Layout) -> Mask:
    """Where the genotype calls the alternate allele, its phase stands in it and FT is in order."""
    genotype = fields.field(0)
    longer = genotype.lengths == 3
    called = genotype.at(0) == ord("1")
    called |= longer & (genotype.at(2) == ord("1"))
    good: Mask = called & (genotype.at(0) != ord("."))
    good &= (genotype.lengths == 1) | (longer & (genotype.at(2) != ord(".")))
    if shape.filter is not None:
        said = fields.field(shape.filter)
        good &= said.are("PASS") | said.are(".")
    if shape.physical is not None:
        stated = longer & (genotype.at(1) == ord("|"))
        if shape.phase_set is not None:
            group = fields.field(shape.phase_set)
            stated |= ~(group.are(".") | (group.lengths == 0))
        physical, group = (fields.field(at) for at in shape.physical)
        good &= stated | physical.are(".") | group.are(".")
    return good

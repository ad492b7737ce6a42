"""What the calls of a sample of the sheet are made from: tables, reads, knowledge, settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apothecary import schemas, selection, tables
from apothecary.alignments import files, links
from apothecary.alignments.files import Alignment
from apothecary.calling import attempt, extraction, scope
from apothecary.calling.scope import Scope
from apothecary.calling.targets import Span
from apothecary.errors import Problem, ResourceError
from apothecary.hardening import bounded, programs
from apothecary.hardening.bounded import Limits
from apothecary.hardening.programs import Bounds
from apothecary.knowledge import pack as knowledge
from apothecary.knowledge.pack import Pack
from apothecary.knowledge.placement import Placement
from apothecary.variants.reference import Fasta

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """What the calls of a sample are made from.

    Attributes:
        sample: Row of the table samples.
        consent: Rows of the table consent.
        reads: BAM or CRAM of the sample, and its index.
        pack: The knowledge pack.
        config: The section `calling` of the configuration; `reference`, the path of the FASTA, and
            `build`, what it is of.
        work_folder: An empty folder; the caller removes it.
        refused: Why the reads cannot be used, as they were measured; empty when they can.
        normal: Row of the table samples of a tumor's normal that is given as reads, or None.
        normal_reads: Its BAM or CRAM, and its index; empty for none.
        limits: What the reading of the alignments may take.
    """

    sample: Row
    consent: Sequence[Row]
    reads: Sequence[str]
    pack: Pack
    config: Mapping[str, Any]
    work_folder: Path
    refused: str = ""
    normal: Row | None = None
    normal_reads: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def column(self) -> str:
        """Name of the sample's column in the files: unlike names in reads, it is the only one."""
        return str(self.sample["sample_id"])

    @property
    def columns(self) -> list[str]:
        """Names of the columns of the sample and its normal."""
        return [self.column, *([str(self.normal["sample_id"])] if self.normal else [])]

    @property
    def placement(self) -> Placement:
        """The build of the run, and where the knowledge lies in it."""
        return Placement(str(self.config["build"]), str(self.config["chain"]))

    @property
    def scope(self) -> Scope:
        """What of the sample may be called."""
        bed = str(self.config["targets"])
        return scope.of_sample(self.sample, self.consent, self.pack, self.placement, bed)

    def alignment(self) -> Alignment:
        """The reads of the sample."""
        return self._looked_at(self.sample, self.reads, "sample")

    def normal_alignment(self) -> Alignment | None:
        """The reads of the normal."""
        if self.normal is None:
            return None
        return self._looked_at(self.normal, self.normal_reads, "normal")

    def _looked_at(self, sample: Row, reads: Sequence[str], folder: str) -> Alignment:
        path = links.side_by_side(reads, self.work_folder / folder)
        fasta, build = str(self.config["reference"]), self.placement.build
        return files.look(path, str(sample["build"]), fasta, build, Path(path).name)

    def apart(self, call: Callable[[], Iterable[Any] | None]) -> list[Any]:
        """What a function reads of the alignments, in a process of its own; see `bounded.read`."""
        limits = self.limits.for_reads([*self.reads, *self.normal_reads])
        return bounded.read(Path(self.reads[0]).name, limits, lambda: call() or ())

    def program_bounds(self) -> Bounds:
        """What a caller that is a program of others may take."""
        reads = [*self.reads, *self.normal_reads]
        return programs.bounds_of(Path(self.reads[0]).name, self.limits, reads)

    def reference(self) -> Fasta:
        """The reference sequence.

        Raises:
            ResourceError: No FASTA is given.
        """
        fasta, build = str(self.config["reference"]), self.placement.build
        if not fasta:
            right = f"calling from reads needs one (FASTA, {build})"
            problem = Problem("config", "no reference sequence", right, field="reference.fasta")
            raise ResourceError(problem)
        return Fasta(fasta, self.work_folder)

    def unpacked(self, alignment: Alignment, wanted: Sequence[Span], name: str) -> Alignment:
        """The alignment as a BAM; see `extraction.unpacked`."""
        folder = self.work_folder / name
        folder.mkdir()
        return extraction.unpacked(alignment, wanted, folder)


@contextmanager
def opened(
    inputs: Mapping[str, Any],
    sample_id: str,
    config: Mapping[str, Any],
    limits: Limits | None = None,
) -> Iterator[Request]:
    """Open what a sample is called from.

    Args:
        inputs: Paths of the tables samples and consent, of the pack, of the alignments and their
            index (`alignment`) and of their outcome (`measured`); of a tumor's normal, where it is
            asked for, the same as `normal` and `normal_measured`.
        sample_id: The sample.
        config: See `Request`.
        limits: See `Request`; none when not given.

    Yields:
        The request; its folder is removed afterwards.
    """
    samples = tables.read_rows(inputs["samples"], schemas.SAMPLES)
    sample = selection.sample(samples, sample_id)
    normal_reads = list(inputs.get("normal", ()))
    measured = [inputs["measured"], *inputs.get("normal_measured", ())]
    outcomes = [row for path in measured for row in tables.read_rows(path, schemas.QC_OUTCOMES)]
    with tempfile.TemporaryDirectory() as folder:
        yield Request(
            sample,
            tables.read_rows(inputs["consent"], schemas.CONSENT),
            list(inputs["alignment"]),
            knowledge.load(inputs["pack"]),
            config,
            Path(folder),
            attempt.refusal(outcomes),
            selection.normal_of(samples, sample) if normal_reads else None,
            normal_reads,
            limits or Limits(),
        )

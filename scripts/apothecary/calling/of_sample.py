"""The calls of one sample of the sheet: consent and targets first, then the reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.calling import (
    alignments,
    external,
    germline,
    hotspots,
    inherited,
    pileup,
    scope,
    somatic,
)
from apothecary.calling.alignments import Alignment
from apothecary.calling.germline import Called, GermlineSettings
from apothecary.calling.hotspots import HotspotSettings
from apothecary.calling.scope import Scope
from apothecary.calling.somatic import SomaticSettings
from apothecary.calling.verdicts import FOUND
from apothecary.knowledge.pack import Pack
from apothecary.logs import LOGGER
from apothecary.variants.reference import Fasta, Reference

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """What the calls of a sample are made from.

    Attributes:
        sample: Row of the table samples.
        consent: Rows of the table consent.
        alignment: BAM or CRAM of the sample.
        pack: The knowledge pack.
        config: The section `calling` of the configuration, and `reference`: the path of the FASTA.
        work_folder: An empty folder; the caller removes it.
    """

    sample: Row
    consent: Sequence[Row]
    alignment: str
    pack: Pack
    config: Mapping[str, Any]
    work_folder: Path

    @property
    def column(self) -> str:
        """Name of the sample's column in the files."""
        return str(self.sample["sample_in_file"])

    def opened(self) -> tuple[Alignment, Scope]:
        """The alignment and what of it may be called."""
        stated = str(self.sample["build"])
        alignment = alignments.open_alignment(self.alignment, stated, self.work_folder)
        bed = str(self.config["targets"])
        of = scope.of_sample(self.sample, self.consent, self.pack, alignment.build, bed)
        return alignment, of

    def reference(self, alignment: Alignment) -> Fasta:
        """The reference sequence; see `scope.reference_of`."""
        return scope.reference_of(alignment, str(self.config["reference"]), self.work_folder)

    def unpacked(self, alignment: Alignment, of: Scope, name: str) -> Alignment:
        """The alignment as a BAM."""
        folder = self.work_folder / name
        folder.mkdir()
        return germline.extracted(alignment, of.wanted, str(self.config["reference"]), folder)


def request(
    sample: Row,
    consent: Sequence[Row],
    files: Sequence[str],
    pack: Pack,
    config: Mapping[str, Any],
    work_folder: Path,
) -> Request:
    """What the calls of a sample are made from; see `Request`.

    Args:
        sample: Row of the table samples.
        consent: Rows of the table consent.
        files: The alignments and their index.
        pack: The knowledge pack.
        config: The section `calling` of the configuration, and `reference`.
        work_folder: An empty folder; the caller removes it.
    """
    path = alignments.beside_index(files, work_folder / "indexed")
    return Request(sample, consent, path, pack, config, work_folder)


def call_germline(request: Request, path: Path | str) -> None:
    """Write the germline calls of a sample: what its subject consented to, and nothing else.

    Args:
        request: The sample.
        path: The gVCF, ending in .g.vcf.gz; its index lies beside it.

    Raises:
        WorkflowInputError: The alignment or the reference cannot be used.
        ResourceError: A reference or a program is missing.
    """
    alignment, of = request.opened()
    settings = request.config["germline"]
    if not of.wanted:
        LOGGER.warning("%s: nothing is consented to; no call is made", request.sample["sample_id"])
        germline.write(path, Called([], []), alignment, request.column)
        return
    reference = request.reference(alignment)
    if settings["caller"] != "bcftools":
        job = _job(request, alignment, of)
        external.run(settings["caller"], job, path, [request.column])
        return
    called = germline.call(
        request.unpacked(alignment, of, "reads"),
        reference,
        of.forced,
        of.spans,
        str(request.sample["sex"]),
        GermlineSettings.from_config(settings),
        request.work_folder,
    )
    if called.without_reference:
        first = "{}:{}-{}".format(*called.without_reference[0])
        said = "%d targets are not in the reference sequence and are not called, first %s"
        LOGGER.warning(said, len(called.without_reference), first)
    germline.write(path, called, alignment, request.column)


def call_somatic(
    request: Request, path: Path | str, normal: Row | None, normal_files: Sequence[str]
) -> None:
    """Write the somatic candidates of a tumor.

    Args:
        request: The tumor.
        path: The VCF, ending in .vcf.gz; its index lies beside it.
        normal: Row of the table samples of its normal, or None.
        normal_files: Alignments of the normal and their index; empty for none.

    Raises:
        WorkflowInputError: An alignment or the reference cannot be used.
        ResourceError: A reference or a program is missing.
    """
    alignment, of = request.opened()
    names = [request.column, *([str(normal["sample_in_file"])] if normal else [])]
    if not of.wanted:
        LOGGER.warning("%s: nothing is consented to; no call is made", request.sample["sample_id"])
        somatic.write(path, [], alignment, names[0], names[1] if normal else None)
        return
    reference = request.reference(alignment)
    permitted = inherited.allowed(request.sample, request.consent, request.pack, alignment.build)
    own = request.config["somatic"]
    other = _normal(request, normal, normal_files) if normal else None
    if own["caller"] != "likelihood_ratio":
        job = _job(request, alignment, of, other, str(own["panel_of_normals"]))
        external.run(own["caller"], job, path, names)
        if normal:
            inherited.withhold(path, names[1], permitted, own["filters"]["germline_vaf"])
        return
    candidates = somatic.call(
        request.unpacked(alignment, of, "tumor_reads"),
        request.unpacked(other, of, "normal_reads") if other else None,
        reference,
        of.spans,
        somatic.read_panel(str(own["panel_of_normals"]), reference),
        SomaticSettings.from_config(request.config),
    )
    told = [
        one
        for one in candidates
        if inherited.GERMLINE not in one.filters
        or permitted.overlaps(*inherited.span(one.chrom, one.pos, one.ref))
    ]
    withheld = len(candidates) - len(told)
    somatic.write(path, told, alignment, names[0], names[1] if normal else None, withheld)


def genotype_hotspots(
    request: Request, normal: Row | None = None, normal_files: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The evidence at every known variant that the targets of a tumor cover.

    Args:
        request: The tumor.
        normal: Row of the table samples of its normal, or None.
        normal_files: Alignments of the normal and their index; empty for none.

    Returns:
        Rows of the table hotspot_evidence; none without consent for the tumor, and none of a
        variant that is found and that the normal carries, without consent to germline findings.

    Raises:
        WorkflowInputError: The alignment cannot be used.
    """
    alignment, of = request.opened()
    targets = request.config["targets"]
    if not scope.tumor_granted(request.sample, request.consent):
        LOGGER.warning("%s: no consent for the tumor", request.sample["sample_id"])
        return []
    lift = scope.lift_to(alignment.build, str(request.config["chain"]), request.pack)
    sites = hotspots.hotspots(request.pack.rows("known_variants"), alignment.build, lift)
    reference: Reference | None = None
    if request.config["reference"] and alignment.build == "GRCh38":
        reference = request.reference(alignment)
    placed = Scope([], [s.span for s in sites if s.input_pos])
    settings, name = HotspotSettings.from_config(request.config), str(request.sample["sample_id"])
    rows = hotspots.genotype(
        request.unpacked(alignment, placed, "reads"),
        sites,
        of.spans if targets else None,
        reference,
        settings,
        name,
    )
    found = [row for row in rows if row["status"] == FOUND]
    if not normal or not found:
        return rows
    other = _normal(request, normal, normal_files)
    named = {inherited.place(row) for row in found}
    beside = hotspots.genotype(
        request.unpacked(other, placed, "normal_reads"),
        [s for s in sites if (s.chrom, s.pos, s.ref, s.alt) in named],
        None,
        reference,
        settings,
        name,
    )
    permitted = inherited.allowed(request.sample, request.consent, request.pack, alignment.build)
    limits = request.config["somatic"]["filters"]
    return inherited.told_hotspots(
        rows, beside, permitted, limits["normal_alpha"], limits["germline_vaf"]
    )


def _normal(request: Request, normal: Row, files: Sequence[str]) -> Alignment:
    """The alignment of a tumor's normal."""
    folder = request.work_folder / "normal"
    folder.mkdir()
    path = alignments.beside_index(files, folder / "indexed")
    return alignments.open_alignment(path, str(normal["build"]), folder)


def _job(
    request: Request,
    alignment: Alignment,
    of: Scope,
    normal: Alignment | None = None,
    panel: str = "",
) -> external.Job:
    folder = request.work_folder / "external"
    folder.mkdir()
    regions = folder / "targets.bed"
    regions.write_text(
        "".join(
            f"{alignment.names[chrom]}\t{start - 1}\t{end}\n"
            for chrom, start, end in sorted(set(of.wanted))
            if chrom in alignment.names
        ),
        encoding="utf-8",
    )
    return external.Job(
        reads=alignment.path,
        reference=str(request.config["reference"]),
        regions=regions,
        folder=folder,
        normal=normal.path if normal else None,
        normal_name=pileup.sample_name(normal.open()) if normal else "",
        panel=panel,
    )

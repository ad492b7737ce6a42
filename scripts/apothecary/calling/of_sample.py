"""The calls of one sample of the sheet: consent and targets first, then the reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apothecary.alignments.files import Alignment
from apothecary.calling import (
    copies,
    external,
    germline,
    hotspots,
    inherited,
    pileup,
    scope,
    somatic,
)
from apothecary.calling.germline import Called, GermlineSettings
from apothecary.calling.hotspots import HotspotSettings
from apothecary.calling.linkage import LinkageSettings
from apothecary.calling.pileup import ReadLimits
from apothecary.calling.request import Request
from apothecary.calling.scope import Scope
from apothecary.calling.somatic import SomaticSettings
from apothecary.calling.verdicts import FOUND
from apothecary.logs import LOGGER
from apothecary.variants import matched_normal
from apothecary.variants.reference import Fasta
from apothecary.variants.regions import Regions, Spans


def call_germline(request: Request, path: Path | str) -> None:
    """Write the germline calls of a sample: what its subject consented to, and nothing else.

    Args:
        request: The sample.
        path: The gVCF, ending in .g.vcf.gz; its index lies beside it.

    Raises:
        WorkflowInputError: The alignment or the reference cannot be used.
        ResourceError: A reference or a program is missing.
    """
    settings = request.config["germline"]
    if settings["caller"] == "bcftools":
        for told in request.apart(lambda: _call_germline(request, path)):
            LOGGER.warning("%s: %s", request.column, told)
        return
    alignment, of = request.alignment(), request.scope
    if _nothing_wanted(request, of):
        germline.write(path, Called([], []), alignment, request.column)
        return
    request.reference()
    external.run(settings["caller"], _job(request, alignment, of), path, request.columns)
    request.apart(lambda: _mark_copies_in(request, path, "reads"))


def _nothing_wanted(request: Request, of: Scope) -> bool:
    if of.wanted:
        return False
    LOGGER.warning("%s: nothing is consented to; no call is made", request.column)
    return True


def _call_germline(request: Request, path: Path | str) -> Iterator[str]:
    """Write the germline calls of the caller that is ours; what is to be told of them."""
    alignment, of = request.alignment(), request.scope
    if _nothing_wanted(request, of):
        germline.write(path, Called([], []), alignment, request.column)
        return
    reference = request.reference()
    reads = request.unpacked(alignment, of.wanted, "reads")
    called = germline.call(
        reads,
        reference,
        of.forced,
        of.spans,
        str(request.sample["sex"]),
        GermlineSettings.from_config(request.config["germline"]),
        request.work_folder,
    )
    if called.without_reference:
        yield _not_in_reference(called, of)
    germline.write(path, called, alignment, request.column)
    _mark_copies(request, path, reads, reference, of)


def _mark_copies_in(request: Request, path: Path | str, folder: str) -> None:
    """Mark the calls of a program that is not ours; see `_mark_copies`."""
    of = request.scope
    reads = request.unpacked(request.alignment(), of.wanted, folder)
    _mark_copies(request, path, reads, request.reference(), of)


def _mark_copies(
    request: Request, path: Path | str, reads: Alignment, reference: Fasta, of: Scope
) -> None:
    """Mark calls that may come from a copy of the region; worse mapped reads are seen for it."""
    germline_calls = request.sample["role"] != "tumor"
    least = int(request.config["reads"]["min_base_quality"])
    limits = ReadLimits(int(request.config["germline"]["min_mapping_quality"]), least)
    copies.mark(
        path,
        reads,
        reference,
        of.permitted,
        limits if germline_calls else ReadLimits.from_config(request.config["reads"]),
        LinkageSettings.from_config(request.config["copies"]),
        balanced=germline_calls,
    )


def _not_in_reference(called: Called, of: Scope) -> str:
    """How much of what is asked for the reference sequence does not have."""
    missing = Spans(called.without_reference)
    bases = sum(end - start + 1 for _, start, end in missing.items())
    every = sum(end - start + 1 for _, start, end in Spans(of.wanted).items())
    lost = sum(missing.overlaps(p.chrom, p.pos, p.end) for p in of.forced)
    return (
        f"the reference sequence lacks {bases} of {every} bases to be called, among them "
        f"{lost} of {len(of.forced)} positions of the definitions: not called, hence not assessed"
    )


def call_somatic(request: Request, path: Path | str) -> None:
    """Write the somatic candidates of a tumor.

    Args:
        request: The tumor, and its normal.
        path: The VCF, ending in .vcf.gz; its index lies beside it.

    Raises:
        WorkflowInputError: An alignment or the reference cannot be used.
        ResourceError: A reference or a program is missing.
    """
    caller = request.config["somatic"]["caller"]
    if caller == "likelihood_ratio":
        request.apart(lambda: _call_somatic(request, path))
        return
    alignment, of = request.alignment(), request.scope
    if _nothing_wanted(request, of):
        somatic.write(path, [], alignment, *_names(request))
        return
    request.reference()
    own, other = request.config["somatic"], request.normal_alignment()
    job = _job(request, alignment, of, other, str(own["panel_of_normals"]))
    external.run(caller, job, path, request.columns)
    if other:
        least = own["filters"]["germline_vaf"]
        inherited.withhold(path, request.columns[1], _germline_permitted(request), least)
    else:
        request.apart(lambda: _mark_copies_in(request, path, "tumor_reads"))


def _names(request: Request) -> tuple[str, str | None]:
    """Names of the columns of a tumor and of its normal, where there is one."""
    return request.column, str(request.normal["sample_id"]) if request.normal else None


def _call_somatic(request: Request, path: Path | str) -> None:
    """Write the somatic candidates of the caller that is ours."""
    alignment, of = request.alignment(), request.scope
    if _nothing_wanted(request, of):
        somatic.write(path, [], alignment, *_names(request))
        return
    reference, other = request.reference(), request.normal_alignment()
    permitted = _germline_permitted(request)
    panel = str(request.config["somatic"]["panel_of_normals"])
    candidates = somatic.call(
        request.unpacked(alignment, of.wanted, "tumor_reads"),
        request.unpacked(other, of.wanted, "normal_reads") if other else None,
        reference,
        of.spans,
        somatic.read_panel(panel, reference),
        SomaticSettings.from_config(request.config),
    )
    told = [
        one
        for one in candidates
        if matched_normal.GERMLINE not in one.filters
        or permitted.overlaps(*inherited.span(one.chrom, one.pos, one.ref))
    ]
    somatic.write(path, told, alignment, *_names(request), len(candidates) - len(told))


def genotype_hotspots(request: Request) -> list[dict[str, Any]]:
    """The evidence at every known variant that the targets of a tumor cover.

    Args:
        request: The tumor, and its normal.

    Returns:
        Rows of the table hotspot_evidence; none without consent for the tumor, and none of a
        variant that is found and that the normal carries, without consent to germline findings.

    Raises:
        WorkflowInputError: The alignment cannot be used.
    """
    return request.apart(lambda: _genotype_hotspots(request))


def _genotype_hotspots(request: Request) -> list[dict[str, Any]]:
    """See `genotype_hotspots`."""
    alignment, of = request.alignment(), request.scope
    if not scope.tumor_granted(request.sample, request.consent):
        LOGGER.warning("%s: no consent for the tumor", request.column)
        return []
    sites = hotspots.hotspots(request.pack.rows("known_variants"), request.placement)
    spans = [site.span for site in sites if site.input_pos]
    reference = request.reference() if request.config["reference"] else None
    settings = HotspotSettings.from_config(request.config)
    rows = hotspots.genotype(
        request.unpacked(alignment, spans, "reads"),
        sites,
        of.spans if request.config["targets"] else None,
        reference,
        settings,
        request.column,
    )
    found = [row for row in rows if row["status"] == FOUND]
    other = request.normal_alignment() if found else None
    if other is None:
        return rows
    named = {inherited.place(row) for row in found}
    beside = hotspots.genotype(
        request.unpacked(other, spans, "normal_reads"),
        [s for s in sites if (s.chrom, s.pos, s.ref, s.alt) in named],
        None,
        reference,
        settings,
        request.column,
    )
    limits = request.config["somatic"]["filters"]
    return inherited.told_hotspots(
        rows,
        beside,
        _germline_permitted(request),
        limits["normal_alpha"],
        limits["germline_vaf"],
    )


def _germline_permitted(request: Request) -> Regions:
    """Where the subject of a tumor agreed to germline findings."""
    build = request.placement.build
    return inherited.allowed(request.sample, request.consent, request.pack, build)


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
        build=alignment.build,
        sample_name=pileup.sample_name(alignment),
        normal=normal.path if normal else None,
        normal_name=pileup.sample_name(normal) if normal else "",
        panel=panel,
        bounds=request.program_bounds(),
    )

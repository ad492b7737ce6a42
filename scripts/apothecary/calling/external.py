"""Callers that come by an environment of their own instead of with this package.

They are given argument lists, never a shell string. What they write is normalised, loses the lines
of its header that hold a command or a date, and is packed as the files of our own callers are.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.callers import CALLER_ENVIRONMENTS
from apothecary.calling import files, tools
from apothecary.errors import Problem, ResourceError, WorkflowInputError
from apothecary.hardening import programs
from apothecary.hardening.programs import NO_BOUNDS, Bounds

_TOLD = 10_000
"""Bytes of a program's messages that are looked at."""

PROGRAMS = {
    "haplotypecaller": "gatk",
    "mutect2": "gatk",
    "deepvariant": "run_deepvariant",
    "freebayes": "freebayes",
}
"""Program by caller."""

_LEFT_OUT = (
    *("##GATKCommandLine", "##commandline", "##cmdline", "##fileDate", "##source="),
    *("##tumor_sample=", "##normal_sample=", "##reference="),
)
"""Lines of a header that hold a command, a date, a path, or a name that the file does not keep."""


@dataclass(frozen=True)
class Job:
    """What a caller is run on.

    Attributes:
        reads: Alignment of the sample.
        normal: Alignment of the normal, or None.
        normal_name: Sample name in the read groups of the normal.
        reference: FASTA with whole contigs, as the alignment has them.
        build: The build that it is of.
        regions: BED of the targets.
        sample_name: Sample name in the read groups of the sample.
        panel: VCF of a panel of normals, or the empty string.
        folder: A folder for what is between.
        bounds: What each program may take.
    """

    reads: str
    reference: str
    regions: Path
    folder: Path
    build: str = ""
    sample_name: str = ""
    normal: str | None = None
    normal_name: str = ""
    panel: str = ""
    bounds: Bounds = NO_BOUNDS

    @property
    def result(self) -> Path:
        """The file that the last command writes."""
        return self.folder / "called.vcf.gz"


def commands(caller: str, job: Job) -> list[list[str]]:
    """The commands of a caller, as argument lists.

    Args:
        caller: A key of `PROGRAMS`.
        job: What it is run on.
    """
    reference, regions = job.reference, str(job.regions)
    out = str(job.result)
    if caller == "haplotypecaller":
        base = ["gatk", "HaplotypeCaller", "-R", reference, "-I", job.reads, "-L", regions]
        return [[*base, "-ERC", "BP_RESOLUTION", "-O", out]]
    if caller == "deepvariant":
        plain = str(job.folder / "plain.vcf.gz")
        base = ["run_deepvariant", "--model_type=WGS", f"--ref={reference}", f"--reads={job.reads}"]
        return [[*base, f"--regions={regions}", f"--output_vcf={plain}", f"--output_gvcf={out}"]]
    if caller == "freebayes":
        base = ["freebayes", "-f", reference, "-t", regions, "--report-monomorphic"]
        plain = str(job.folder / "called.vcf")
        return [[*base, "--genotype-qualities", "-v", plain, job.reads]]
    return _mutect2(job)


def _mutect2(job: Job) -> list[list[str]]:
    raw, counts = str(job.folder / "raw.vcf.gz"), str(job.folder / "orientation.tar.gz")
    model = str(job.folder / "orientation_model.tar.gz")
    call = ["gatk", "Mutect2", "-R", job.reference, "-I", job.reads, "-L", str(job.regions)]
    if job.normal:
        call += ["-I", job.normal, "-normal", job.normal_name]
    if job.panel:
        call += ["--panel-of-normals", job.panel]
    judge = ["gatk", "FilterMutectCalls", "-R", job.reference, "-V", raw, "--ob-priors", model]
    return [
        [*call, "--f1r2-tar-gz", counts, "-O", raw],
        ["gatk", "LearnReadOrientationModel", "-I", counts, "-O", model],
        [*judge, "-O", str(job.result)],
    ]


def run(caller: str, job: Job, path: Path | str, samples: Sequence[str]) -> None:
    """Run a caller and write what it calls.

    Args:
        caller: A key of `PROGRAMS`.
        job: What it is run on.
        path: The VCF to write, ending in .vcf.gz; its index lies beside it.
        samples: Names of the columns to write: of the sample, and of its normal.

    Raises:
        ResourceError: The program is not there, or no whole reference is given.
        WorkflowInputError: The program failed or took more than its bounds, or tumor and normal
            cannot be told apart by name.
    """
    program, environment = PROGRAMS[caller], CALLER_ENVIRONMENTS[caller]
    if shutil.which(program) is None:
        found = f"the program {program} is not there"
        right = f"run with --software-deployment-method conda, or install envs/{environment}"
        raise ResourceError(Problem(f"calling ({caller})", found, right))
    if not job.reference:
        found, right = "no reference sequence", "give one with whole contigs"
        raise ResourceError(Problem("config", found, right, field="reference.fasta"))
    if job.normal and job.sample_name in ("", job.normal_name):
        found = f"tumor and normal are both {job.sample_name!r} in @RG SM"
        right = f"{caller} tells them by name: rename one (samtools addreplacerg)"
        raise WorkflowInputError(Problem(job.reads, found, right, field="@RG SM"))
    for command in commands(caller, job):
        status, told = _followed(command, job)
        if status:
            if stopped := programs.stopped(command[0], job.bounds, status, told):
                raise stopped
            said = [line for line in told.splitlines() if line.strip()]
            found = f"{caller} failed: {said[-1] if said else 'no message'}"
            right = "see what it says of its input"
            raise WorkflowInputError(Problem(job.reads, found, right))
    _write(job, path, samples)


def _followed(command: Sequence[str], job: Job) -> tuple[int, str]:
    """Run a program to its end within its bounds; how it ended, and what it told."""
    # Files, not pipes: what a program leaves running would hold a pipe open.
    with (
        tempfile.TemporaryFile(dir=job.folder) as out,
        tempfile.TemporaryFile(dir=job.folder) as err,
    ):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            **programs.options(job.bounds),
        )
        try:
            status = process.wait()
        finally:
            programs.end(process.pid)
        told = []
        for stream in (err, out):
            stream.seek(max(0, stream.seek(0, 2) - _TOLD))
            told.append(stream.read().decode("utf-8", "replace"))
    return status, "\n".join(told)


def _write(job: Job, path: Path | str, samples: Sequence[str]) -> None:
    called = job.result if job.result.is_file() else job.folder / "called.vcf"
    norm = job.folder / "normalised.vcf.gz"
    arguments = ["--no-version", "-f", job.reference, "-Oz", "-o", str(norm), str(called)]
    tools.run("bcftools", "norm", arguments)
    head, records = [], []
    order = [0]
    for line in _lines(norm):
        fields = line.rstrip("\n").split("\t")
        if line.startswith("#CHROM"):
            order = _order(fields[9:], job)
            head += [f"##reference={job.build}", "\t".join([*fields[:9], *samples])]
        elif line.startswith("#"):
            if not line.startswith(_LEFT_OUT):
                head.append(line.rstrip("\n"))
        else:
            records.append("\t".join([*fields[:9], *(fields[9 + at] for at in order)]) + "\n")
    files.write(path, head, records)


def _order(columns: Sequence[str], job: Job) -> list[int]:
    """Numbers of the columns of the sample and its normal; callers sort them as they like."""
    if not job.normal:
        return [0]
    return [columns.index(job.sample_name), columns.index(job.normal_name)]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from stream

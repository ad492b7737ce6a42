"""CPU seconds a sample and peak memory of `apothecary pgx`, PyPGx beside it.

    APOTHECARY_SHARED=... python benchmarks/pgx_speed.py [--install] [--mode MODE]

The command is run once on the 3,202 samples of the 1000 Genomes panel, all genes of the knowledge
pack, GRCh38, as a child process whose own use of the processor and of memory is told by the
system. PyPGx (see pypgx_peer.py) calls the genes that both know from the first N samples of the
same gene files, which are given to it alone; its start is spread over fewer samples than ours, so
N should not be small. Both write diplotypes and phenotypes; only the command of this project
writes guidance.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import panel
import pypgx_peer

from apothecary.knowledge import build
from apothecary.pharmacogenes import definitions, pgx

ROOT = Path(__file__).resolve().parents[1]
CPU_BAR, MEMORY_BAR = 0.03, 0.3
COMMAND = "import sys; from apothecary.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory (GB) of a child process, its start included."""

    cpu: float
    memory: float


def measured(arguments: list[str]) -> Cost:
    """Run the launcher as a child process.

    Raises:
        subprocess.CalledProcessError: It ended with an error.
    """
    command = [sys.executable, "-c", COMMAND, *arguments]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6)


def samples(file: Path) -> list[str]:
    """The samples of a gzipped VCF."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return next(line for line in stream if line.startswith("#CHROM")).split()[9:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="fetch PyPGx and run it too")
    parser.add_argument(
        "--peer-samples", type=int, default=20, help="samples for PyPGx (%(default)s)"
    )
    parser.add_argument("--mode", choices=pgx.MODES, default=None, help="of apothecary pgx")
    arguments = parser.parse_args()
    if not os.environ.get("APOTHECARY_SHARED"):
        sys.exit("APOTHECARY_SHARED is not set: the panel is not at hand")
    folder_of_panel = Path(os.environ["APOTHECARY_SHARED"]) / "data" / "panel1kg"
    files = {f.name.split(".")[0]: f for f in sorted(folder_of_panel.glob("*.GRCh38.vcf.gz"))}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        pack = build.build(ROOT / "resources" / "knowledge", work / "pack")
        genes = {gene.name for gene in definitions.from_pack(pack).matched}
        own = [file for gene, file in files.items() if gene in genes]
        joined = panel.joined(own, work / "panel.vcf")
        command = ["pgx", str(joined), "--out", str(work / "out")]
        command += ["--mode", arguments.mode] if arguments.mode else []
        cost = measured(command)
        count = len(samples(own[0]))
        each = cost.cpu / count
        print(
            f"apothecary pgx, {arguments.mode or 'default mode'}: {count} samples, {len(genes)} "
            f"genes, {len(own)} of them in the file; {cost.cpu:.1f} CPU-s, {each:.4f} CPU-s a "
            f"sample (bar {CPU_BAR}), {cost.memory:.2f} GB (bar {MEMORY_BAR})"
        )
        if not pypgx_peer.available(arguments.install):
            return
        few = samples(own[0])[: arguments.peer_samples]
        known = [(gene, file, few) for gene, file in files.items() if gene in genes]
        run = pypgx_peer.call(known, "GRCh38", work / "pypgx")
        made = {gene for _, gene in run.genotypes}
        theirs = run.cpu / len(few)
        print(
            f"PyPGx 0.27: {len(few)} samples, {len(made)} genes; {run.cpu:.1f} CPU-s, "
            f"{theirs:.4f} CPU-s a sample, {run.memory:.2f} GB"
        )
        for gene, why in sorted(run.refused.items()):
            print(f"  PyPGx refuses {gene}: {why}")
        print(f"CPU a sample, apothecary / PyPGx: {each / theirs:.4f}")


if __name__ == "__main__":
    main()

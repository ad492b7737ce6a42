"""Our refit of signatures beside SigProfilerAssignment, on the catalogues that it is tested with.

    python benchmarks/signatures.py --install    # SigProfilerAssignment into build/peers/signatures
    python benchmarks/signatures.py              # fits, and prints how far the two agree

Both fit the same signatures (COSMIC v3.4, GRCh38 genome; indels as the tables have them) to the
catalogues of SBS, DBS and ID that lie in the package's own tests. The peer runs in an environment
of its own, since it brings much more than is used of it.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary import settings, sheets  # noqa: E402
from apothecary.oncogenes.biomarkers import catalogues, refit, resources  # noqa: E402
from apothecary.oncogenes.biomarkers.refit import Numbers, Penalties  # noqa: E402
from apothecary.oncogenes.biomarkers.resources import Matrix  # noqa: E402

PEER = "SigProfilerAssignment==1.1.5"
FOLDER = ROOT / "build" / "peers" / "signatures"
FILES = {
    catalogues.SBS: "sample_matrix_SBS.txt",
    catalogues.DBS: "sample_matrix_DBS.txt",
    catalogues.ID: "sample_matrix_ID.txt",
}
_PROGRAM = """
import sys
from SigProfilerAssignment import Analyzer
if __name__ == "__main__":
    for samples, signatures, out in zip(*[iter(sys.argv[1:])] * 3):
        Analyzer.cosmic_fit(
            samples=samples, output=out, input_type="matrix", signature_database=signatures,
            make_plots=False, verbose=False, collapse_to_SBS96=False,
        )
"""


def main() -> int:
    """Install the peer, or fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--environment", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    python = arguments.environment / "bin" / "python"
    if arguments.install:
        venv.create(arguments.environment, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=True)
        return 0
    if not python.is_file():
        print("SigProfilerAssignment is not installed: run with --install", file=sys.stderr)
        return 1
    matrices = resources.load((ROOT / "resources" / "biomarkers").glob("*.tsv")).matrices
    config = settings.check(
        {"samples": "none"},
        sheets.load_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml"),
        "config",
    )["biomarkers"]["signatures"]
    penalties = Penalties(config["first_removal"], config["removal"], config["addition"])
    with tempfile.TemporaryDirectory() as folder:
        compare(python, Path(folder), matrices, penalties)
    return 0


def compare(
    python: Path,
    folder: Path,
    matrices: dict[tuple[str, str], Matrix],
    penalties: Penalties,
) -> None:
    """Fit every catalogue by both, and print a line for each kind."""
    found = subprocess.run(
        [str(python), "-c", "import SigProfilerAssignment as s; print(s.__path__[0])"],
        check=True,
        capture_output=True,
        text=True,
    )
    tests = Path(found.stdout.strip().splitlines()[-1]) / "data" / "tests" / "txt_input"
    arguments: list[str] = []
    for kind, name in FILES.items():
        signatures = folder / f"{kind}.txt"
        write(signatures, matrices[kind, "genome"], tests / name)
        arguments += [str(tests / name), str(signatures), str(folder / kind)]
    begun = time.perf_counter()
    # A file, since the peer starts processes that import what started them.
    program = folder / "peer.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    subprocess.run(
        [str(python), str(program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder
    )
    print(f"SigProfilerAssignment: {time.perf_counter() - begun:.1f} s for all catalogues")
    for kind, name in FILES.items():
        matrix = matrices[kind, "genome"]
        samples, counts = read(tests / name, matrix.types)
        results = folder / kind / "Assignment_Solution" / "Activities"
        names, theirs = read_activities(results / "Assignment_Solution_Activities.txt", samples)
        begun = time.process_time()
        ours = np.array([refit.refit(c, matrix.values, penalties) for c in counts])
        spent = time.process_time() - begun
        told(kind, matrix, ours, aligned(theirs, names, matrix.signatures), counts, spent)


def told(
    kind: str, matrix: Matrix, ours: Numbers, theirs: Numbers, counts: Numbers, spent: float
) -> None:
    """Print how far two fits agree, and how well each explains the catalogues."""
    similar = [refit.cosine(a, b) for a, b in zip(ours, theirs, strict=True)]
    same = np.mean((ours > 0) == (theirs > 0))
    shared = ((ours > 0) & (theirs > 0)).sum()
    fits = [
        np.mean([refit.cosine(matrix.values @ e, c) for e, c in zip(of, counts, strict=True)])
        for of in (ours, theirs)
    ]
    print(
        f"{kind}: {len(counts)} catalogues; cosine of the exposures median "
        f"{np.median(similar):.4f}, least {min(similar):.4f}; signatures in both {shared}, only "
        f"ours {((ours > 0) & (theirs == 0)).sum()}, only theirs "
        f"{((ours == 0) & (theirs > 0)).sum()} (agreement {same:.4f}); mean cosine of fit and "
        f"catalogue {fits[0]:.4f} against {fits[1]:.4f}; ours {spent:.1f} CPU-s"
    )


def write(path: Path, matrix: Matrix, samples: Path) -> None:
    """Write signatures as the peer reads them: their types in the order of the samples' file."""
    by_type = dict(zip(matrix.types, matrix.values, strict=True))
    kinds = [line.split("\t")[0] for line in samples.read_text(encoding="utf-8").splitlines()[1:]]
    lines = ["\t".join(["Type", *matrix.signatures])]
    lines += ["\t".join([kind, *(f"{value:.10g}" for value in by_type[kind])]) for kind in kinds]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path, types: Sequence[str]) -> tuple[list[str], Numbers]:
    """Names of samples, and samples by types."""
    with path.open(encoding="utf-8", newline="") as stream:
        (_, *samples), *rows = csv.reader(stream, delimiter="\t")
    by_type = {kind: [float(value) for value in values] for kind, *values in rows}
    return samples, np.array([by_type[kind] for kind in types]).T


def read_activities(path: Path, samples: Sequence[str]) -> tuple[list[str], Numbers]:
    """Names of signatures, and samples by signatures in the order of the samples."""
    with path.open(encoding="utf-8", newline="") as stream:
        (_, *names), *rows = csv.reader(stream, delimiter="\t")
    by_sample = {name: [float(value) for value in values] for name, *values in rows}
    return names, np.array([by_sample[name] for name in samples])


def aligned(values: Numbers, names: Sequence[str], wanted: Sequence[str]) -> Numbers:
    """Columns in another order; a signature that is not there is zero."""
    columns = [values[:, names.index(n)] if n in names else np.zeros(len(values)) for n in wanted]
    return np.array(columns).T


if __name__ == "__main__":
    sys.exit(main())

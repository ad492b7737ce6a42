"""Make the tables of mutational signatures from the wheel of SigProfilerAssignment.

    pip download --no-deps SigProfilerAssignment==1.1.5 --dest FOLDER
    python resources/biomarkers/build_signatures.py FOLDER/sigprofilerassignment-*.whl

The wheel (BSD-2-Clause, Copyright (c) 2022, Raviteja Vangara [Alexandrov Lab]) carries the COSMIC
matrices, and names which signatures its users may leave out together: those of mismatch-repair
deficiency, tobacco and so on. Both are written as tables with their source.
"""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "v3.4"
MATRICES = {
    "signatures_SBS96_genome.tsv": f"GRCh38/COSMIC_{VERSION}_SBS_GRCh38.txt",
    "signatures_SBS96_exome.tsv": f"GRCh38/COSMIC_{VERSION}_SBS_GRCh38_exome.txt",
    "signatures_DBS78_genome.tsv": f"GRCh38/COSMIC_{VERSION}_DBS_GRCh38.txt",
    "signatures_DBS78_exome.tsv": f"GRCh38/COSMIC_{VERSION}_DBS_GRCh38_exome.txt",
    "signatures_ID83.tsv": f"GRCh37/COSMIC_{VERSION}_ID_GRCh37.txt",
}
# Subgroups that overlap others or are no cause.
LEFT_OUT = frozenset({"Treatment"})


def main(wheel: Path) -> None:
    """Write the tables beside this program.

    Args:
        wheel: The wheel.
    """
    version = wheel.name.split("-")[1]
    source = f"SigProfilerAssignment {version}"
    with zipfile.ZipFile(wheel) as archive:
        for name, member in MATRICES.items():
            path = f"SigProfilerAssignment/data/Reference_Signatures/{member}"
            text = archive.read(path).decode("utf-8")
            (HERE / name).write_text(_matrix(text, f"{source}, {Path(member).stem}"), "utf-8")
        code = archive.read("SigProfilerAssignment/decomposition.py").decode("utf-8")
    (HERE / "signature_groups.tsv").write_text(_groups(code, source), "utf-8")


def _matrix(text: str, source: str) -> str:
    head, *lines = [line.split("\t") for line in text.strip().splitlines()]
    rows = ["\t".join(["type", *head[1:], "source"])]
    for kind, *values in sorted(lines):
        rows.append("\t".join([kind, *(f"{float(value):.6g}" for value in values), source]))
    return "\n".join(rows) + "\n"


def _groups(code: str, source: str) -> str:
    found = re.search(r"default_subgroups_siglists = (\{.*?\n    \})", code, re.DOTALL)
    if found is None:
        raise SystemExit("the wheel has no table of subgroups")
    rows = ["signature\tgroup\tsource"]
    listed = []
    for name, by_kind in ast.literal_eval(found[1]).items():
        group = name.removesuffix("_signatures")
        if group not in LEFT_OUT:
            listed += [(f"{k}{s}", group) for k, names in by_kind.items() for s in names]
    rows += [f"{signature}\t{group}\t{source}" for signature, group in sorted(listed)]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""samtools and bcftools as pysam brings them, each call in a process of its own.

Within one process their calls hold the interpreter's lock and share global state.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_CHILD = """
import importlib, sys
package, command, *arguments = sys.argv[1:]
dispatcher = getattr(importlib.import_module("pysam." + package), command)
dispatcher(*arguments, catch_stdout=False)
"""


def run(
    package: str, command: str, arguments: Sequence[str], folder: Path | str | None = None
) -> None:
    """Run one command of samtools or bcftools; its output goes to the file that it names.

    Args:
        package: samtools or bcftools.
        command: Such as mpileup.
        arguments: The arguments after the command, with `-o FILE`.
        folder: The folder to run in; this one when not given.

    Raises:
        RuntimeError: The command failed; with the last line that it said.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, package, command, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise RuntimeError(f"{package} {command} failed: {said[-1] if said else 'no message'}")

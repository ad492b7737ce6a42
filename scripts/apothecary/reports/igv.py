"""The program igv.js that the user installed, taken only when it is a release that is known."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from apothecary.errors import Problem, ResourceError


def load(program: Path | str, releases: Path | str) -> str:
    """The text of igv.js.

    Args:
        program: The file `igv.min.js` of the npm package `igv`.
        releases: The table of the releases that are known, with the SHA-512 of the file.

    Returns:
        The text, to be placed in a page whose policy names its hash.

    Raises:
        ResourceError: The file is not there, or is of no known release.
    """
    with Path(releases).open(encoding="utf-8", newline="") as stream:
        known = {row["sha512"]: row["version"] for row in csv.DictReader(stream, delimiter="\t")}
    right = f"dist/igv.min.js of the npm package igv, version {', '.join(sorted(known.values()))}"
    try:
        data = Path(program).read_bytes()
    except OSError as error:
        found = f"{program} cannot be read ({error.strerror})"
        raise ResourceError(Problem("config", found, right, field="reports.igv")) from None
    if hashlib.sha512(data).hexdigest() not in known:
        found = f"{program} is of no known release of igv.js"
        raise ResourceError(Problem("config", found, right, field="reports.igv"))
    return data.decode("utf-8")

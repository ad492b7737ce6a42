"""The made rows and gene models of oncogenes serve the tests of the germline, too."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "oncogenes"))

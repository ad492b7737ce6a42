"""The log of a rule's script, and the one place where an error of a script becomes words."""

from __future__ import annotations

import errno
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apothecary import files
from apothecary.errors import ApothecaryError, Problem

LOGGER = logging.getLogger("apothecary")
EXIT_SYSTEM = 1
# What a user mends outside the run: a disk that is full or read-only, a quota, a limit of files.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextmanager
def logged(path: str | Path) -> Iterator[logging.Logger]:
    """Send messages to the rule's log and to standard error; tell an error in one line.

    What the block writes is closed to other users.

    Args:
        path: The log file of the rule.

    Yields:
        The logger of the package.

    Raises:
        SystemExit: With the error's exit status, for an `ApothecaryError` and for a disk that
            takes no more. A bug keeps its traceback, which is written to the log as well.
    """
    with files.private():
        yield from _logged(Path(path))


def _logged(file: Path) -> Iterator[logging.Logger]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        handlers: list[logging.Handler] = [
            logging.StreamHandler(stream),
            logging.StreamHandler(sys.stderr),
        ]
        for handler in handlers:
            handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
            LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        try:
            yield LOGGER
        except ApothecaryError as error:
            for line in str(error).splitlines():
                LOGGER.error("%s", line)
            raise SystemExit(error.exit_status) from None
        except OSError as error:
            if error.errno not in _NO_ROOM:
                stream.write(traceback.format_exc())
                raise
            LOGGER.error("%s", _told(error))
            raise SystemExit(EXIT_SYSTEM) from None
        except Exception:
            stream.write(traceback.format_exc())
            raise
        finally:
            for handler in handlers:
                LOGGER.removeHandler(handler)


def _told(error: OSError) -> str:
    where = str(error.filename or "the results")
    reason = os.strerror(error.errno or 0)
    return Problem(where, f"cannot be written ({reason})", "make room and run again").line()

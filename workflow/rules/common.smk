import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.io import IOFile

ROOT = Path(str(workflow.current_basedir)).parents[1]
sys.path.append(str(ROOT.joinpath("scripts")))

from apothecary import plan as planning
from apothecary.errors import ApothecaryError
from apothecary.planning import within

try:
    PLAN = planning.load(config, ROOT, "config")
except ApothecaryError as error:
    raise WorkflowError(str(error)) from None


def recorded_params(path):
    return workflow.persistence.params(IOFile(path))


READ_WITHIN = within.params(
    PLAN.limits, workflow.pathvars.items["results"], recorded_params
)


wildcard_constraints:
    batch=r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    sample=r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",

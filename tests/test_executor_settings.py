"""Every setting of a profile, also one in a comment, is one that the executor's plugin knows.

Plugins that are not installed are read from their wheels, which pull no package of a cloud with
them; APOTHECARY_UPSTREAM names a folder that has them in `pypi/`.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import zipfile
from pathlib import Path

import pytest
from snakemake.cli import get_argument_parser

SETTINGS = {"ExecutorSettings", "StorageProviderSettings"}
PLUGINS = {
    "aws-batch": {
        "aws-batch": "snakemake_executor_plugin_aws_batch",
        "storage-s3": "snakemake_storage_plugin_s3",
    },
    "generic": {"cluster-generic": "snakemake_executor_plugin_cluster_generic"},
    "google-batch": {
        "googlebatch": "snakemake_executor_plugin_googlebatch",
        "storage-gcs": "snakemake_storage_plugin_gcs",
    },
    "kubernetes": {
        "kubernetes": "snakemake_executor_plugin_kubernetes",
        "storage-s3": "snakemake_storage_plugin_s3",
    },
    "lsf": {"lsf": "snakemake_executor_plugin_lsf"},
    "slurm": {"slurm": "snakemake_executor_plugin_slurm"},
}
KEY = re.compile(r"^(?:# )?([a-z0-9-]+):(?= |$)", re.MULTILINE)


def source(module: str) -> str:
    """The text of a plugin: installed, or in its wheel."""
    found = importlib.util.find_spec(module)
    if found is not None and found.origin is not None:
        return Path(found.origin).read_text()
    folder = os.environ.get("APOTHECARY_UPSTREAM")
    if not folder:
        pytest.skip(f"{module} is not installed, and APOTHECARY_UPSTREAM is not set")
    wheels = list((Path(folder) / "pypi").glob(f"{module}-*.whl"))
    if len(wheels) != 1:
        pytest.fail(f"{len(wheels)} wheels of {module} below APOTHECARY_UPSTREAM, one is needed")
    with zipfile.ZipFile(wheels[0]) as wheel:
        return wheel.read(f"{module}/__init__.py").decode()


def settings_of(text: str) -> set[str]:
    """The fields of a plugin's settings, as they are written in a profile."""
    classes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef)]
    return {
        line.target.id.replace("_", "-")
        for one in classes
        if one.name in SETTINGS
        for line in one.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


def keys(profile: Path) -> list[str]:
    return KEY.findall(profile.read_text())


def unknown(profile: Path, plugins: dict[str, set[str]], known: set[str]) -> list[str]:
    """The keys of a profile that neither Snakemake nor a plugin of it knows."""
    allowed = known | {f"{prefix}-{name}" for prefix, names in plugins.items() for name in names}
    return [key for key in keys(profile) if key not in allowed]


@pytest.fixture(scope="module")
def snakemake_options() -> set[str]:
    parser = get_argument_parser()
    return {o.removeprefix("--") for a in parser._actions for o in a.option_strings}


@pytest.mark.parametrize("name", PLUGINS)
def test_settings_are_those_of_the_plugin(name, repository, snakemake_options):
    plugins = {prefix: settings_of(source(module)) for prefix, module in PLUGINS[name].items()}
    (profile,) = (repository / "workflow" / "profiles" / name).glob("config*.yaml")
    assert keys(profile)
    assert unknown(profile, plugins, snakemake_options) == []


def test_a_setting_that_no_plugin_has_is_found(tmp_path):
    text = "class ExecutorSettings(Base):\n    job_queue: str = field()\n"
    profile = tmp_path / "config.yaml"
    profile.write_text("executor: x\nx-job-queue: a\n# x-queue: b\n# Words: of a comment\n")
    assert unknown(profile, {"x": settings_of(text)}, {"executor"}) == ["x-queue"]

"""The commands of a scheduler: from the profile, or from the workflow's own of that executor."""

from __future__ import annotations

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.execution import schedulers
from apothecary.execution.schedulers import Scheduler


def test_profiles_of_schedulers_have_their_commands_and_others_have_none(repository):
    profiles = repository / "workflow" / "profiles"
    found = {p.name for p in profiles.iterdir() if schedulers.of(p, repository) is not None}
    assert found == {"slurm", "lsf", "generic"}


def test_a_run_gives_its_jobs_its_name(repository):
    profiles = repository / "workflow" / "profiles"
    slurm, lsf = (schedulers.of(profiles / name, repository) for name in ("slurm", "lsf"))
    assert slurm is not None
    assert lsf is not None
    assert slurm.words("abc") == ["--slurm-jobname-prefix", "apothecary-abc"]
    assert lsf.variables("abc") == {"LSB_DEFAULT_JOBGROUP": "/apothecary-abc"}
    submit = (profiles / "generic" / "config.v9+.yaml").read_text()
    assert "-N apothecary-$APOTHECARY_RUN_ID-" in submit


def test_a_copied_profile_keeps_the_commands_and_its_own_come_first(repository, tmp_path):
    (tmp_path / "config.yaml").write_text("executor: lsf\n")
    copied = schedulers.of(tmp_path, repository)
    assert copied is not None
    assert copied.cancel == ("bkill",)
    (tmp_path / schedulers.FILE).write_text("list: [our-jobs, -a]\ncancel: [end, --now]\n")
    assert schedulers.of(tmp_path, repository) == Scheduler(
        "lsf", ("our-jobs", "-a"), ("end", "--now")
    )


def test_a_key_that_is_none_is_told(repository, tmp_path):
    (tmp_path / "config.yaml").write_text("executor: odd\n")
    (tmp_path / schedulers.FILE).write_text("list: [jobs]\ncancle: [end]\n")
    with pytest.raises(WorkflowInputError, match=r"orphans\.yaml: unknown key 'cancle'"):
        schedulers.of(tmp_path, repository)


@pytest.mark.parametrize(
    ("listing", "ids"),
    [
        ("echo 7 apothecary-aaa-rule; echo 8 apothecary-aaab; echo 9 other; echo 10", ["7"]),
        ("echo 7 /apothecary-aaa; echo 8 /x/apothecary-aaa", ["7"]),
        ("echo no jobs at all >&2; exit 255", []),
        ("true", []),
    ],
)
def test_jobs_are_told_by_their_name(listing, ids):
    assert Scheduler("odd", ("sh", "-c", listing), ("end",), none="no jobs").jobs("aaa") == ids


@pytest.mark.parametrize("listing", [("sh", "-c", "exit 127"), ("no-such-program",)])
def test_a_list_that_fails_for_another_reason_is_an_error(listing):
    with pytest.raises(WorkflowInputError, match="does not come"):
        Scheduler("odd", listing, ("end",), none="no jobs").jobs("aaa")

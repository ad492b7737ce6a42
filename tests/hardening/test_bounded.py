"""A file that leads its reader astray fails alone, with one line."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from apothecary.errors import Problem, ResourceError, WorkflowInputError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits

FREE = Limits()


def told(call, limits: Limits = FREE) -> str:
    with pytest.raises(WorkflowInputError) as caught:
        bounded.read("a.vcf", limits, call)
    (problem,) = caught.value.problems
    assert "\n" not in problem.line()
    return problem.line()


def stopped(*_: object):
    raise WorkflowInputError(Problem("a.vcf", "is odd", "be even", 3, "POS"))


def test_parts_come_back_in_order_and_whole():
    parts = [["S1", {"pos": 7, "ref": "A\n☃"}], [], {"vaf": 0.5, "gt": None}]
    assert bounded.read("a.vcf", FREE, lambda: iter(parts)) == parts
    assert bounded.read("a.vcf", FREE, lambda: [np.int64(3), (1, np.float64(0.5))]) == [3, [1, 0.5]]
    large = ["x" * 100_000] * 100
    assert bounded.read("a.vcf", FREE, lambda: large) == large


def test_the_reader_is_another_process():
    assert bounded.read("a.vcf", FREE, lambda: [os.getpid()]) != [os.getpid()]


def test_what_the_reader_finds_wrong_is_told_as_it_was():
    assert told(stopped) == "a.vcf, row 3, POS: is odd; be even"

    def absent():
        raise ResourceError(Problem("ref.fa", "is gone", "bring it"))

    with pytest.raises(ResourceError, match=r"ref\.fa: is gone"):
        bounded.read("a.vcf", FREE, absent)


def test_a_bug_keeps_its_traceback():
    with pytest.raises(RuntimeError, match=r"(?s)while a\.vcf was read.*division by zero"):
        bounded.read("a.vcf", FREE, lambda: [1 / 0])


def test_memory_beyond_the_limit_is_told():
    line = told(lambda: [len(bytearray(200 * 1024 * 1024))], Limits(memory_mb=64))
    assert line == (
        "a.vcf: reading it takes more than 64 MiB of memory; "
        "look at the file, or raise limits.memory_mb (pgx: --memory-mb)"
    )
    kept = bounded.read("a.vcf", Limits(memory_mb=64), lambda: [len(bytearray(16 * 1024 * 1024))])
    assert kept == [16 * 1024 * 1024]


def test_cpu_time_beyond_the_limit_is_told():
    def turn():
        while True:
            sum(range(1000))

    assert "reading it takes more than 1 s of CPU time" in told(turn, Limits(cpu_seconds=1))


def test_time_that_is_slept_is_no_cpu_time():
    assert bounded.read("a.vcf", Limits(cpu_seconds=1), lambda: [time.sleep(1.2)]) == [None]


@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGSEGV, "its reader died of SIGSEGV"), (signal.SIGKILL, "its reader was killed")],
)
def test_a_reader_that_dies_is_told(number, words):
    assert words in told(lambda: [os.kill(os.getpid(), number)])


def test_what_was_given_before_the_death_is_not_taken():
    def cut():
        yield from range(1000)
        os._exit(0)

    told(cut)


def test_a_request_to_end_ends_the_run():
    with pytest.raises(KeyboardInterrupt):
        bounded.read("a.vcf", FREE, lambda: [os.kill(os.getpid(), signal.SIGTERM)])


def test_limits_are_resources_of_a_job_and_come_back():
    limits = Limits(memory_mb=100, cpu_seconds=None, cpu_seconds_per_gb=7)
    given = limits.as_resources()
    assert given == {"limit_memory_mb": 100, "limit_cpu_seconds_per_gb": 7}
    assert Limits.of_resources({**given, "mem_mb": 2000}) == limits


def test_reads_may_take_more_the_larger_they_are(tmp_path):
    reads = tmp_path / "a.bam"
    with reads.open("wb") as stream:
        stream.truncate(1_500_000_000)
    limits = Limits(cpu_seconds=10, cpu_seconds_per_gb=100)
    assert limits.for_reads([reads, tmp_path / "absent.bai"]).cpu_seconds == 160
    assert Limits(cpu_seconds=10).for_reads([reads]).cpu_seconds == 10
    assert Limits(cpu_seconds_per_gb=100).for_reads([reads]).cpu_seconds is None

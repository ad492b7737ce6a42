"""A Slurm of one node on the loopback, for the tests: started as root, stopped at their end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
FIRST_PORT = 27817
DEFAULT_CONFIG = Path("/etc/slurm/slurm.conf")
"""Where Slurm's programs look when no variable tells them; the executor drops such variables."""

CONFIG = """
ClusterName=apothecary
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={slurmd_port}
SrunPortRange={first_step_port}-{last_step_port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={root}/munge/socket
CredType=cred/munge
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
SlurmdParameters=config_overrides
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,sched_min_interval=0,batch_sched_delay=0
AccountingStorageType=accounting_storage/none
ReturnToService=2
OverTimeLimit=0
KillWait=2
MinJobAge=3600
DefMemPerCPU=200
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE DefaultTime=60 State=UP
"""


def missing() -> str:
    """Why no Slurm can be started here; empty when one can."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        return f"{', '.join(absent)} not installed (Debian: slurm-wlm, munge)"
    if os.geteuid() != 0:
        return "slurmd starts jobs as their submitter and needs root"
    if DEFAULT_CONFIG.exists():
        return f"{DEFAULT_CONFIG} is there: another Slurm is configured on this machine"
    return ""


class Cluster:
    """A running Slurm and its folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.host = socket.gethostname().split(".")[0]
        for name in ("munge", "state", "spool"):
            (root / name).mkdir(parents=True)
        root.chmod(0o755)
        (root / "munge").chmod(0o755)
        config = CONFIG.format(
            host=self.host,
            root=root,
            port=FIRST_PORT,
            slurmd_port=FIRST_PORT + 1,
            first_step_port=FIRST_PORT + 100,
            last_step_port=FIRST_PORT + 199,
            cpus=os.cpu_count(),
        )
        (root / "slurm.conf").write_text(config)
        key = root / "munge" / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        DEFAULT_CONFIG.parent.mkdir(exist_ok=True)
        DEFAULT_CONFIG.symlink_to(root / "slurm.conf")
        self._munged()
        self.start_controller()
        subprocess.run(["slurmd", "-N", self.host], check=True)
        wait(lambda: self.say("sinfo", "-h", "-o", "%T").startswith("idle"), 60)

    def _munged(self) -> None:
        munge = self.root / "munge"
        subprocess.run(
            [
                "munged",
                f"--key-file={munge / 'key'}",
                f"--socket={munge / 'socket'}",
                f"--pid-file={munge / 'pid'}",
                f"--log-file={munge / 'log'}",
                f"--seed-file={munge / 'seed'}",
            ],
            check=True,
        )

    def start_controller(self) -> None:
        """Start slurmctld on the state that it left."""
        subprocess.run(["slurmctld"], check=True)
        wait(lambda: "UP" in self.say("scontrol", "ping"), 60)

    def stop_controller(self) -> None:
        """Stop slurmctld as a restart of its machine would."""
        _stop(self.root / "slurmctld.pid")

    def say(self, *words: str) -> str:
        """What a program of Slurm says; empty when it fails."""
        return subprocess.run(words, check=False, capture_output=True, text=True).stdout

    def jobs(self) -> list[dict[str, str]]:
        """Every job since the start: id, state, rule."""
        rows = []
        for line in self.say("scontrol", "show", "jobs", "--oneliner").splitlines():
            fields = dict(part.split("=", 1) for part in line.split() if "=" in part)
            if "JobId" in fields:
                rule = fields.get("Comment", "").removeprefix("rule_").split("_wildcards")[0]
                rows.append({"id": fields["JobId"], "state": fields["JobState"], "rule": rule})
        return rows

    def stop(self) -> None:
        """Stop everything, jobs first."""
        self.say("scancel", "--me")
        wait(lambda: not self.say("squeue", "-h").strip(), 30)
        for pid_file in ("slurmd.pid", "slurmctld.pid", "munge/pid"):
            _stop(self.root / pid_file)
        DEFAULT_CONFIG.unlink(missing_ok=True)


def _stop(pid_file: Path) -> None:
    if not pid_file.is_file():
        return
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, 15)
    except ProcessLookupError:
        return
    wait(lambda: not Path(f"/proc/{pid}").exists(), 30)


def wait(done: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds; an AssertionError when it never does."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)

"""Processes of the site under test: started in a group of their own, found and ended by number."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser import ROOT

LONGEST = 60.0
"""Seconds after which a wait is a failure; what a test waits for takes far less."""


def wait_until(condition: Callable[[], object], what: str, seconds: float = LONGEST) -> None:
    """Wait until something is so; fails with `what` when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"After {seconds:.0f} seconds: {what}"
        time.sleep(0.05)


def start(
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    user: str | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a process that leads a group of its own; what it says is added to a file."""
    with log.open("ab") as said:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=dict(os.environ if environment is None else environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )


def stop(process: "subprocess.Popen[bytes] | None", how: int = signal.SIGTERM) -> None:
    """End a process and whatever is left of its group."""
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
    kill_group(process)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its group at once, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def below(parent: int) -> list[int]:
    """Return the numbers of all processes below one, its children first."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                if after_name[0] != "Z":
                    parents.setdefault(int(after_name[1]), []).append(int(entry.name))
    found = list(parents.get(parent, []))
    for child in found:
        found += parents.get(child, [])
    return found


def signal_all(numbers: Sequence[int], number: int) -> None:
    """Send a signal to processes, some of which may be gone."""
    for one in numbers:
        with suppress(ProcessLookupError):
            os.kill(one, number)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own with so much room, in memory. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "faults", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill a disk but for so many bytes; remove the returned file to free it."""
    path = folder / "filled-by-the-test"
    space = os.statvfs(folder)
    with path.open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(1, space.f_bavail * space.f_frsize - leave))
    while leave == 0:  # the last blocks too
        try:
            with path.open("ab", buffering=0) as file:
                file.write(b"\0" * 65536)
        except OSError:
            break
    return path

"""The fence around a stranger's file: it is read in a child process that may die alone. No format is known
here.
"""

import base64
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sellerweb.shop.incoming import FileError, FileRead, RejectedRow

WALL_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]
# Out of memory (Rust aborts), out of processor time, or stopped by the machine: all of them are "too much".
_TOO_MUCH = (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)


class TooSlow(FileError):
    """It was not read in the time that the caller has; it may be in a longer one."""

    def __init__(self) -> None:
        super().__init__("too_large")


def read(
    channel: str, data: bytes, password: str = "", encoding: str = "", seconds: float = WALL_SECONDS
) -> FileRead | dict[str, Any]:
    """What `sellerweb.channels.<channel>.parse` makes of it, in a child with limits on memory and time: a file's orders
    packed, anything else as JSON.

    FileError: the one that parse raised; too_large where a limit was met; corrupt_file for any other death. TooSlow after
    so many `seconds`.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "sellerweb.channels.child", channel],
            input=json.dumps({"password": password, "encoding": encoding}).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback or a panic could quote people's data
            cwd=_ROOT,
            env={"PYTHONUTF8": "1"},  # none of the server's secrets
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    if child.returncode:
        raise FileError("too_large" if child.returncode in _TOO_MUCH else "corrupt_file")
    head, *parts = child.stdout.splitlines()
    answer: dict[str, Any] = json.loads(head)
    if "error" in answer:
        raise FileError(answer["error"], **answer["about"])
    if "channel" not in answer:
        return answer
    rejected = [RejectedRow(**row) for row in answer.pop("rejected")]
    return FileRead(**answer, rejected=rejected, parts=[base64.b64decode(part) for part in parts])


def read_file(
    channel: str, data: bytes, password: str = "", encoding: str = "", seconds: float = WALL_SECONDS
) -> FileRead:
    """The same for a channel whose columns are known."""
    found = read(channel, data, password, encoding, seconds)
    assert isinstance(found, FileRead)
    return found

"""The fence around a stranger's file: it is read in a child process that may die alone. No format is known
here.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sellerweb.shop.incoming import FileError, FileIn

WALL_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]
# Out of memory (Rust aborts), out of processor time, or stopped by the machine: all of them are "too much".
_TOO_MUCH = (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)


def read(channel: str, data: bytes, password: str = "", encoding: str = "") -> dict[str, Any]:
    """What `sellerweb.channels.<channel>.parse` makes of it, as JSON, in a child with limits on memory and time.

    FileError: the one that parse raised; too_large where a limit was met; corrupt_file for any other death.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "sellerweb.channels.child", channel],
            input=json.dumps({"password": password, "encoding": encoding}).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback or a panic could quote people's data
            cwd=_ROOT,
            env={"PYTHONUTF8": "1"},  # none of the server's secrets
            timeout=WALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise FileError("too_large") from None
    if child.returncode:
        raise FileError("too_large" if child.returncode in _TOO_MUCH else "corrupt_file")
    answer: dict[str, Any] = json.loads(child.stdout)
    if "error" in answer:
        raise FileError(answer["error"], **answer["about"])
    return answer


def read_file(channel: str, data: bytes, password: str = "", encoding: str = "") -> FileIn:
    """The same for a channel whose columns are known."""
    return FileIn.from_json(read(channel, data, password, encoding))

"""The child's side of `fence`: takes its limits, reads one file from stdin, writes what it holds. Only run with -m.

stdin: one line of JSON `{"password": …, "encoding": …}`, then the file. stdout: a line of JSON, which is what `parse` gives, or
`{"error": code, "about": {…}}`; of a file of orders its head, and then a line of base64 for each of its parts.
"""

import base64
import importlib
import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from sellerweb.shop.incoming import FileError, FileIn

MEMORY = 1_500 * 2**20
CPU_SECONDS = 45
ANSWER = 128 * 2**20


def main(channel: str) -> None:
    reader = importlib.import_module(f"sellerweb.channels.{channel}")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's addresses
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said = json.loads(sys.stdin.buffer.readline())
        _write(reader.parse(sys.stdin.buffer.read(), said["password"], said["encoding"]))
    except FileError as refusal:
        _line({"error": refusal.code, "about": refusal.about})
    except MemoryError:
        _line({"error": "too_large", "about": {}})


def _write(read: Any) -> None:
    if not isinstance(read, FileIn):
        _line(read.to_json())
        return
    rejected = [asdict(row) for row in read.rejected]
    _line({"channel": read.channel, "rows": read.rows, "rejected": rejected, "count": len(read.orders)})
    for part in read.parts():
        sys.stdout.buffer.write(base64.b64encode(part) + b"\n")


def _line(answer: dict[str, Any]) -> None:
    """A line of JSON. A table of 32 MB that says the same in a hundred columns would become gigabytes there, and here."""
    said = json.dumps(answer).encode()
    too_much = json.dumps({"error": "too_large", "about": {}}).encode()
    sys.stdout.buffer.write((said if len(said) <= ANSWER else too_much) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])

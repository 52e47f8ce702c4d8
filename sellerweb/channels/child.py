"""The child's side of `fence`: takes its limits, reads one file from stdin, answers JSON. Only run with -m.

stdin: one line of JSON `{"password": …, "encoding": …}`, then the file. stdout: what `parse` gives as JSON, or
`{"error": code, "about": {…}}`.
"""

import importlib
import json
import resource
import sys

from sellerweb.shop.incoming import FileError

MEMORY = 1_500 * 2**20
CPU_SECONDS = 45


def main(channel: str) -> None:
    reader = importlib.import_module(f"sellerweb.channels.{channel}")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's addresses
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said = json.loads(sys.stdin.buffer.readline())
        answer = reader.parse(sys.stdin.buffer.read(), said["password"], said["encoding"]).to_json()
    except FileError as refusal:
        answer = {"error": refusal.code, "about": refusal.about}
    except MemoryError:
        answer = {"error": "too_large", "about": {}}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])

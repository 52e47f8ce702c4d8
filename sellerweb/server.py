"""The production server: gunicorn with the worker beside it, started and stopped together. Also gunicorn's settings."""

import gc
import os
import signal
import subprocess
import sys
import time
from typing import Any

from sellerweb.config import read as read_config

RESTART_PAUSE = 2.0


def post_worker_init(_worker: Any) -> None:
    """gunicorn's hook: what was made at start stays for good, so that no collection stalls a page over it."""
    gc.collect()
    gc.freeze()


def serve(host: str, port: int) -> int:
    """Run web and worker until one is told to stop; returns the web's exit code."""
    # SQLite has one writer: one process is its queue. PostgreSQL: one process a core.
    workers = 1 if read_config().database_url.startswith("sqlite") else os.cpu_count() or 1
    web = subprocess.Popen(web_command(host, port, workers))
    worker = subprocess.Popen(_worker())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: web.terminate())
    while web.poll() is None:
        if worker.poll() is not None:
            time.sleep(RESTART_PAUSE)
            if web.poll() is None:
                worker = subprocess.Popen(_worker())
        time.sleep(0.2)
    worker.terminate()
    worker.wait()
    return web.returncode


def web_command(host: str, port: int, workers: int, app: str = "sellerweb:create_app()") -> list[str]:
    """gunicorn for `app`, as it is run in production (the bench runs its floor the same way)."""
    return [
        *(sys.executable, "-m", "gunicorn", "--config", "python:sellerweb.server", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", "16", "--timeout", "90"),
        *("--graceful-timeout", "20", "--no-control-socket", "--limit-request-line", "8190", app),
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "sellerweb", "worker"]

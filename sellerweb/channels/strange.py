"""What libraries raise over a stranger's bytes becomes one refusal. Nothing else lives here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sellerweb.shop.incoming import FileError


@contextmanager
def strange_bytes() -> Iterator[None]:
    """Anything raised inside, a panic of the Rust below calamine too, leaves as FileError corrupt_file.

    Our own FileErrors pass, and so does MemoryError, which `child` answers with too_large.
    """
    try:
        yield
    except (FileError, MemoryError):
        raise
    except Exception:
        raise FileError("corrupt_file") from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # pyo3 gives no class to import
            raise
        raise FileError("corrupt_file") from None

"""What was read of a file, as it lies in a row until it is needed: plain values, packed small. Knows no shape."""

import json
import zlib
from datetime import datetime
from typing import Any


def pack(value: Any) -> bytes:
    """Plain values as bytes; instants become their ISO text."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, default=datetime.isoformat).encode(), 1)


def unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))

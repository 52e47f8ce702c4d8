"""Keys for lines that their channel gives none: made of what was bought, so that other rows above do not change them."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class LineKeys:
    """The keys of one file. The second line of an order about the same thing gets a key of its own."""

    seen: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def next(self, order_no: str, *what: str) -> str:
        self.seen[order_no, *what] += 1
        nth = self.seen[order_no, *what]
        made = hashlib.blake2s("\0".join(what).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return made if nth == 1 else f"{made}-{nth}"

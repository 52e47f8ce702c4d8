"""Now. The one place that asks what time it is, so that tests can say."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware UTC, whole seconds (what the database keeps on every engine alike)."""
    return datetime.now(UTC).replace(microsecond=0)

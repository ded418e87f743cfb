"""What a process needs around it, made for one test."""

from collections.abc import Iterator
from contextlib import contextmanager

MISSING: str | None = None
"""Why the tests of the whole process cannot run here."""


@contextmanager
def provide_surroundings() -> Iterator[dict[str, str]]:
    """Yield the environment variables that name what was made."""
    yield {}

"""What a process needs around it, made for one test."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

MISSING: str | None = (
    None
    if os.environ.get("DATABASE_URL")
    else "DATABASE_URL is not set: `make up` starts a database, CI brings one"
)
"""Why the tests of the whole process cannot run here."""


@contextmanager
def scratch_database() -> Iterator[str]:
    """Yield the address of an empty database, so that tests neither see nor leave any data."""
    server = os.environ["DATABASE_URL"]
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            # Waits a few seconds by itself for connections that are being closed.
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


@contextmanager
def provide_surroundings() -> Iterator[dict[str, str]]:
    """Yield the environment variables that name what was made."""
    with scratch_database() as url:
        yield {"DATABASE_URL": url}

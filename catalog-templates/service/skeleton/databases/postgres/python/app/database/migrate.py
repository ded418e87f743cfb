"""The migrations of the schema, in the folder beside this file."""

import logging
from pathlib import Path

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

LOCK = 5_207_316_402_871_140_773
"""Known to all replicas of this service; any number that nothing else in the database locks."""

log = structlog.get_logger()


def migrate(database_url: str) -> None:
    """Apply the migrations that are missing, in one transaction, under an advisory lock.

    Of replicas that start together one migrates, and the others wait for it. One that has waited
    for 5 s gives up with an error, so that it can be stopped; its caller tries again.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(database_url, connect_timeout=5),
        poolclass=NullPool,
    )
    with engine.begin() as connection:
        connection.execute(text("set local lock_timeout = '5s'"))
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("set local lock_timeout = 0"))
        command.upgrade(_config(connection), "head")
    log.info("migrations are through")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config

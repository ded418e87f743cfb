from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from app.database.migrate import migrate
from tests.integration.surroundings import MISSING, scratch_database

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


def versions(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select version_num from schema_migrations").fetchall()


def test_migrations_are_applied_once_when_several_replicas_start_together() -> None:
    with scratch_database() as url:
        with ThreadPoolExecutor(4) as replicas:
            list(replicas.map(migrate, [url] * 4))
        assert len(versions(url)) == 1


def test_there_is_nothing_to_do_the_second_time() -> None:
    with scratch_database() as url:
        migrate(url)
        before = versions(url)
        migrate(url)
        assert versions(url) == before

import time

import psycopg
import pytest

from tests.integration.process import start_process
from tests.integration.surroundings import MISSING, scratch_database

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

LEFT = "select 1 from jobs where finished_at is null and failed_at is null"


def test_jobs_are_done_or_given_up_and_both_are_counted() -> None:
    with (
        scratch_database() as url,
        start_process(DATABASE_URL=url, POLL_INTERVAL="0.05", JOB_MAX_ATTEMPTS="1") as service,
    ):
        service.answers("/readyz", 200)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                """
                insert into jobs (kind, payload)
                values ('example', '{"message": "hello"}'), ('example', '{}'), ('unheard-of', '{}')
                """
            )
            deadline = time.monotonic() + 10
            while connection.execute(LEFT).fetchone():
                assert time.monotonic() < deadline, "the jobs are done within 10 s"
                time.sleep(0.05)
            rows = connection.execute("select last_error from jobs order by id").fetchall()
        done, not_valid, unheard_of = (error for (error,) in rows)
        assert done is None
        assert not_valid.startswith("ValidationError")
        assert unheard_of == "LookupError: there is no handler for jobs of kind unheard-of"

        metrics = service.answers("/metrics", 200).text
        assert 'jobs_processed_total{result="succeeded"} 1.0' in metrics
        assert 'jobs_processed_total{result="dead"} 2.0' in metrics
        assert 'jobs_processed_total{result="failed"} 0.0' in metrics
        assert "jobs_pending 0.0" in metrics

        service.process.terminate()
        service.output()
        assert service.process.returncode == 0

import json

import pytest

from tests.integration.process import start_process
from tests.integration.surroundings import MISSING, provide_surroundings

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


def test_it_becomes_ready_shows_metrics_and_ends_with_status_0_on_sigterm() -> None:
    with provide_surroundings() as env, start_process(**env) as service:
        service.answers("/readyz", 200)
        service.answers("/healthz", 200)
        assert "process_start_time_seconds " in service.answers("/metrics", 200).text

        service.process.terminate()
        for line in service.output():
            assert {"time", "level", "msg"} <= json.loads(line).keys(), line
        assert service.process.returncode == 0


def test_it_ends_with_status_1_and_says_what_is_wrong_with_its_environment() -> None:
    with start_process(LOG_LEVEL="loud") as service:
        [line] = service.output()
        assert service.process.returncode == 1
        assert json.loads(line)["level"] == "error"
        assert "LOG_LEVEL must be debug, info, warn or error" in line

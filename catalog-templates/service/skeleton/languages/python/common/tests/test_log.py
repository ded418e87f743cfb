import io
import json
import logging

import structlog

from app.runtime.log import configure_logging


def test_each_line_is_json_with_time_level_and_msg_also_from_libraries() -> None:
    stream = io.StringIO()
    configure_logging("warn", stream)
    try:
        structlog.get_logger().warning("own", number=1)
        structlog.get_logger().info("quiet")
        logging.getLogger("library").error("theirs")
    finally:
        configure_logging("info")
    own, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (own["level"], own["msg"], own["number"]) == ("warn", "own", 1)
    assert (theirs["level"], theirs["msg"]) == ("error", "theirs")
    assert own["time"].endswith("Z")
    assert theirs["time"].endswith("Z")

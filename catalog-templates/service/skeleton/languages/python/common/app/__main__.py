import os

import structlog

from app.config import Settings
from app.runtime.log import configure_logging
from app.runtime.server import serve
from app.runtime.settings import ConfigurationError, read_environment
from app.service import create_service

log = structlog.get_logger()


def main() -> None:
    configure_logging("info")
    try:
        settings = read_environment(Settings)
    except ConfigurationError as error:
        log.error(str(error))
        raise SystemExit(1) from None
    configure_logging(settings.log_level)
    log.info("starting", version=os.environ.get("VERSION", "dev"))
    app, readiness = create_service(settings)
    serve(app, readiness, settings)
    log.info("stopped")


if __name__ == "__main__":
    main()

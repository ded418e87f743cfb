"""Everything that is set from the environment."""

from app.runtime.settings import RuntimeSettings, Seconds


class Settings(RuntimeSettings):
    poll_interval: Seconds = 1
    job_timeout: Seconds = 30

"""Everything that is set from the environment."""

from pydantic import Field

from app.database.settings import DatabaseSettings
from app.runtime.settings import RuntimeSettings, Seconds


class Settings(DatabaseSettings, RuntimeSettings):
    poll_interval: Seconds = 1
    job_timeout: Seconds = 30
    job_max_attempts: int = Field(5, ge=1, le=1000, description="a whole number from 1 to 1000")

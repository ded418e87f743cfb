"""Everything that is set from the environment."""

from app.database.settings import DatabaseSettings
from app.runtime.settings import RuntimeSettings


class Settings(DatabaseSettings, RuntimeSettings):
    pass

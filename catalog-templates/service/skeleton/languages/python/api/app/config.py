"""Everything that is set from the environment."""

from app.runtime.settings import RuntimeSettings


class Settings(RuntimeSettings):
    pass

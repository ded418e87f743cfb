"""Settings from the environment, and clear words where they are wrong."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0, le=86_400, description="a number of seconds above 0")]


class RuntimeSettings(BaseSettings):
    """The settings every service has. A description says what the variable expects."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    port: int = Field(8080, ge=1, le=65_535, description="a whole number from 1 to 65535")
    log_level: Literal["debug", "info", "warn", "error"] = Field(
        "info", description="debug, info, warn or error"
    )
    shutdown_timeout: Seconds = 20


class ConfigurationError(Exception):
    """Settings that are missing or wrong."""


S = TypeVar("S", bound=BaseSettings)


def read_environment(settings: type[S]) -> S:
    """Read settings from environment variables.

    Raises one ConfigurationError that names every wrong variable and what it expects, and repeats
    no value: an address may hold a password.
    """
    try:
        return settings()
    except ValidationError as error:
        problems = []
        for problem in error.errors(include_input=False, include_url=False):
            field = str(problem["loc"][0])
            expected = settings.model_fields[field].description or "a valid value"
            missing = problem["type"] == "missing"
            phrase = "is not set, expected" if missing else "must be"
            problems.append(f"{field.upper()} {phrase} {expected}")
        # Without its cause, which repeats the values.
        raise ConfigurationError("wrong environment: " + "; ".join(problems)) from None

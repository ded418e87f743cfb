import pytest
from pydantic import Field

from app.runtime.settings import ConfigurationError, RuntimeSettings, read_environment

SECRET_URL = "https://user:hunter2@example.com"


class Settings(RuntimeSettings):
    secret_url: str = Field(pattern="^https://", description="an https:// address")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "LOG_LEVEL", "SHUTDOWN_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_URL", SECRET_URL)


def test_defaults_are_filled_in_also_where_a_variable_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "")
    settings = read_environment(Settings)
    assert (settings.port, settings.log_level, settings.shutdown_timeout) == (8080, "info", 20)


def test_seconds_may_have_a_fraction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTDOWN_TIMEOUT", "0.5")
    assert read_environment(Settings).shutdown_timeout == 0.5


def test_one_error_names_every_wrong_variable_and_what_it_expects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "99999")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("SHUTDOWN_TIMEOUT", "0")
    monkeypatch.delenv("SECRET_URL")
    with pytest.raises(ConfigurationError) as raised:
        read_environment(Settings)
    assert str(raised.value) == (
        "wrong environment: PORT must be a whole number from 1 to 65535; "
        "LOG_LEVEL must be debug, info, warn or error; "
        "SHUTDOWN_TIMEOUT must be a number of seconds above 0; "
        "SECRET_URL is not set, expected an https:// address"
    )


@pytest.mark.parametrize("port", ["eighty", "80.5", "0", "-1", "8080x", "nan"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationError, match="PORT must be a whole number"):
        read_environment(Settings)


def test_a_wrong_value_is_not_repeated_because_it_may_hold_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_URL", "ftp://user:hunter2@example.com")
    with pytest.raises(ConfigurationError) as raised:
        read_environment(Settings)
    assert "SECRET_URL" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None

from pydantic import Field
from pydantic_settings import BaseSettings


class DatabaseSettings(BaseSettings):
    database_url: str = Field(
        pattern="^postgres(ql)?://.+",
        description="an address like postgres://user:password@host:5432/database",
        repr=False,
    )
    database_pool_max: int = Field(10, ge=1, le=1000, description="a whole number from 1 to 1000")

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class NewItem(BaseModel):
    """What a caller gives to make an item."""

    model_config = ConfigDict(extra="forbid")

    # No null character: PostgreSQL cannot hold it.
    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")


class Item(BaseModel):
    id: UUID
    name: str
    created_at: datetime = Field(serialization_alias="createdAt")


class ItemPage(BaseModel):
    items: list[Item]
    next: UUID | None = None

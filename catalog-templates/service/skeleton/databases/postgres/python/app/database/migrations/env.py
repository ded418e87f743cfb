"""How Alembic gets at the database: the service hands it a connection when it starts."""

from alembic import context
from sqlalchemy import Connection

connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise RuntimeError("the service migrates when it starts: run it, instead of alembic upgrade")

context.configure(connection=connection, version_table="schema_migrations")
with context.begin_transaction():
    context.run_migrations()

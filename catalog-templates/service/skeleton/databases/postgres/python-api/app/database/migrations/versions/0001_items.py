"""Items."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table items (
          id uuid primary key,
          name text not null check (length(name) between 1 and 200),
          created_at timestamptz not null
        )
        """
    )


def downgrade() -> None:
    op.execute("drop table items")

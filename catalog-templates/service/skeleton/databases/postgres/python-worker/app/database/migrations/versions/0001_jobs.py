"""Jobs."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table jobs (
          id bigint generated always as identity primary key,
          kind text not null,
          payload jsonb not null default '{}',
          attempts integer not null default 0,
          run_at timestamptz not null default now(),
          created_at timestamptz not null default now(),
          finished_at timestamptz,
          failed_at timestamptz,
          last_error text
        )
        """
    )
    op.execute(
        """
        create index jobs_due on jobs (run_at, id)
        where finished_at is null and failed_at is null
        """
    )


def downgrade() -> None:
    op.execute("drop table jobs")

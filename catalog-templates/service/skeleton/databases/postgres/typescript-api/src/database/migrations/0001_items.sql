-- Up Migration
create table items (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null
);

-- Down Migration
drop table items;

-- The database that shop.dump.sql and shop.clean.sql were written from, by the pg_dump of PostgreSQL 17.12. To have
-- them written by another version: psql --file=shop.source.sql, then
--   pg_dump shop > shop.dump.sql
--   pg_dump --inserts --clean --if-exists shop > shop.clean.sql
CREATE ROLE shop LOGIN; CREATE ROLE reporting;
CREATE DATABASE shop OWNER shop;
\connect shop
SET ROLE shop;
CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS pgcrypto;
COMMENT ON SCHEMA public IS 'the shop''s; own';
CREATE SCHEMA stock;
CREATE TYPE public.state AS ENUM ('new', 'paid; packed', 'sent');
CREATE DOMAIN public.price AS numeric(10,2) CHECK (VALUE >= 0);
CREATE TABLE public.products (id serial PRIMARY KEY, name citext NOT NULL UNIQUE, price public.price, tags text[] DEFAULT '{}', details jsonb, picture bytea, made timestamptz DEFAULT '2026-11-01T00:00Z', gross numeric GENERATED ALWAYS AS (price * 1.19) STORED);
COMMENT ON TABLE public.products IS E'What is sold;\n-- not a comment: \\. $$';
CREATE TABLE public.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state public.state NOT NULL DEFAULT 'new', placed date NOT NULL, product integer NOT NULL REFERENCES public.products);
CREATE TABLE stock.moves (at date NOT NULL, product integer NOT NULL REFERENCES public.products, amount integer) PARTITION BY RANGE (at);
CREATE TABLE stock.moves_2026 PARTITION OF stock.moves FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE public."Odd; name" ("a;b" text, "select" text);
CREATE TABLE public.empty (id integer);
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  -- it's only "made"; $$ nothing $$
  NEW.made := '2026-11-02T00:00Z'; RETURN NEW;
END;
$fn$;
CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT n * 2; END;
CREATE PROCEDURE public.clear() LANGUAGE sql AS 'DELETE FROM public.empty;';
CREATE TRIGGER touched BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.touch();
CREATE VIEW public.open_orders AS SELECT o.id, p.name FROM public.orders o JOIN public.products p ON p.id = o.product WHERE o.state = 'new';
CREATE MATERIALIZED VIEW stock.totals AS SELECT product, sum(amount) AS amount FROM stock.moves GROUP BY product;
CREATE INDEX "by; name" ON public.products USING btree (lower(name::text));
CREATE RULE no_delete AS ON DELETE TO public.orders DO INSTEAD NOTHING;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON public.orders USING (true);
INSERT INTO public.products (name, price, tags, details, picture) VALUES
 ('Tasse', 12.5, '{weiß,"mit; Henkel"}', '{"a": "b\\c\"d"}', '\x00ff5c2e'),
 (E'Teller;\ttief\nund\\.\n\\.\nneu', 3, '{}', NULL, NULL),
 ('', NULL, NULL, 'null', ''),
 ('\N', 0, '{NULL}', '[]', NULL);
INSERT INTO public.orders (state, placed, product) VALUES ('new', '2026-11-30', 1), ('paid; packed', '2026-11-29', 2);
INSERT INTO stock.moves VALUES ('2026-05-01', 1, 40), ('2026-05-02', 1, -2);
INSERT INTO public."Odd; name" VALUES ('--', '/* no comment'), (E'\\', '''');
REFRESH MATERIALIZED VIEW stock.totals;
SELECT lo_from_bytea(90001, '\xdeadbeef');
GRANT SELECT ON public.products TO reporting;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reporting;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

--
-- PostgreSQL database dump
--

\restrict 1c4RjK4DD54bXtEhXatrfqj0qIKXZOX10MP9gcul05hweewA56xwhPLDNlY2qQt

-- Dumped from database version 17.12 (Debian 17.12-0+deb13u1)
-- Dumped by pg_dump version 17.12 (Debian 17.12-0+deb13u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
--

COMMENT ON SCHEMA public IS 'the shop''s; own';


--
-- Name: stock; Type: SCHEMA; Schema: -; Owner: shop
--

CREATE SCHEMA stock;


ALTER SCHEMA stock OWNER TO shop;

--
-- Name: citext; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;


--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';


--
-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;


--
-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';


--
-- Name: price; Type: DOMAIN; Schema: public; Owner: shop
--

CREATE DOMAIN public.price AS numeric(10,2)
	CONSTRAINT price_check CHECK ((VALUE >= (0)::numeric));


ALTER DOMAIN public.price OWNER TO shop;

--
-- Name: state; Type: TYPE; Schema: public; Owner: shop
--

CREATE TYPE public.state AS ENUM (
    'new',
    'paid; packed',
    'sent'
);


ALTER TYPE public.state OWNER TO shop;

--
-- Name: clear(); Type: PROCEDURE; Schema: public; Owner: shop
--

CREATE PROCEDURE public.clear()
    LANGUAGE sql
    AS $$DELETE FROM public.empty;$$;


ALTER PROCEDURE public.clear() OWNER TO shop;

--
-- Name: touch(); Type: FUNCTION; Schema: public; Owner: shop
--

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
  -- it's only "made"; $$ nothing $$
  NEW.made := '2026-11-02T00:00Z'; RETURN NEW;
END;
$_$;


ALTER FUNCTION public.touch() OWNER TO shop;

--
-- Name: twice(integer); Type: FUNCTION; Schema: public; Owner: shop
--

CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT (n * 2);
END;


ALTER FUNCTION public.twice(n integer) OWNER TO shop;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: Odd; name; Type: TABLE; Schema: public; Owner: shop
--

CREATE TABLE public."Odd; name" (
    "a;b" text,
    "select" text
);


ALTER TABLE public."Odd; name" OWNER TO shop;

--
-- Name: empty; Type: TABLE; Schema: public; Owner: shop
--

CREATE TABLE public.empty (
    id integer
);


ALTER TABLE public.empty OWNER TO shop;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: shop
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    state public.state DEFAULT 'new'::public.state NOT NULL,
    placed date NOT NULL,
    product integer NOT NULL
);


ALTER TABLE public.orders OWNER TO shop;

--
-- Name: products; Type: TABLE; Schema: public; Owner: shop
--

CREATE TABLE public.products (
    id integer NOT NULL,
    name public.citext NOT NULL,
    price public.price,
    tags text[] DEFAULT '{}'::text[],
    details jsonb,
    picture bytea,
    made timestamp with time zone DEFAULT '2026-11-01 00:00:00+00'::timestamp with time zone,
    gross numeric GENERATED ALWAYS AS (((price)::numeric * 1.19)) STORED
);


ALTER TABLE public.products OWNER TO shop;

--
-- Name: TABLE products; Type: COMMENT; Schema: public; Owner: shop
--

COMMENT ON TABLE public.products IS 'What is sold;
-- not a comment: \. $$';


--
-- Name: open_orders; Type: VIEW; Schema: public; Owner: shop
--

CREATE VIEW public.open_orders AS
 SELECT o.id,
    p.name
   FROM (public.orders o
     JOIN public.products p ON ((p.id = o.product)))
  WHERE (o.state = 'new'::public.state);


ALTER VIEW public.open_orders OWNER TO shop;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: shop
--

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: products_id_seq; Type: SEQUENCE; Schema: public; Owner: shop
--

CREATE SEQUENCE public.products_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.products_id_seq OWNER TO shop;

--
-- Name: products_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: shop
--

ALTER SEQUENCE public.products_id_seq OWNED BY public.products.id;


--
-- Name: moves; Type: TABLE; Schema: stock; Owner: shop
--

CREATE TABLE stock.moves (
    at date NOT NULL,
    product integer NOT NULL,
    amount integer
)
PARTITION BY RANGE (at);


ALTER TABLE stock.moves OWNER TO shop;

--
-- Name: moves_2026; Type: TABLE; Schema: stock; Owner: shop
--

CREATE TABLE stock.moves_2026 (
    at date NOT NULL,
    product integer NOT NULL,
    amount integer
);


ALTER TABLE stock.moves_2026 OWNER TO shop;

--
-- Name: totals; Type: MATERIALIZED VIEW; Schema: stock; Owner: shop
--

CREATE MATERIALIZED VIEW stock.totals AS
 SELECT product,
    sum(amount) AS amount
   FROM stock.moves
  GROUP BY product
  WITH NO DATA;


ALTER MATERIALIZED VIEW stock.totals OWNER TO shop;

--
-- Name: moves_2026; Type: TABLE ATTACH; Schema: stock; Owner: shop
--

ALTER TABLE ONLY stock.moves ATTACH PARTITION stock.moves_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');


--
-- Name: products id; Type: DEFAULT; Schema: public; Owner: shop
--

ALTER TABLE ONLY public.products ALTER COLUMN id SET DEFAULT nextval('public.products_id_seq'::regclass);


--
-- Data for Name: Odd; name; Type: TABLE DATA; Schema: public; Owner: shop
--

COPY public."Odd; name" ("a;b", "select") FROM stdin;
--	/* no comment
\\	'
\.


--
-- Data for Name: empty; Type: TABLE DATA; Schema: public; Owner: shop
--

COPY public.empty (id) FROM stdin;
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: shop
--

COPY public.orders (id, state, placed, product) FROM stdin;
1	new	2026-11-30	1
2	paid; packed	2026-11-29	2
\.


--
-- Data for Name: products; Type: TABLE DATA; Schema: public; Owner: shop
--

COPY public.products (id, name, price, tags, details, picture, made) FROM stdin;
1	Tasse	12.50	{weiß,"mit; Henkel"}	{"a": "b\\\\c\\"d"}	\\x00ff5c2e	2026-11-01 00:00:00+00
2	Teller;\ttief\nund\\.\n\\.\nneu	3.00	{}	\N	\N	2026-11-01 00:00:00+00
3		\N	\N	null	\\x	2026-11-01 00:00:00+00
4	\\N	0.00	{NULL}	[]	\N	2026-11-01 00:00:00+00
\.


--
-- Data for Name: moves_2026; Type: TABLE DATA; Schema: stock; Owner: shop
--

COPY stock.moves_2026 (at, product, amount) FROM stdin;
2026-05-01	1	40
2026-05-02	1	-2
\.


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: shop
--

SELECT pg_catalog.setval('public.orders_id_seq', 2, true);


--
-- Name: products_id_seq; Type: SEQUENCE SET; Schema: public; Owner: shop
--

SELECT pg_catalog.setval('public.products_id_seq', 4, true);


--
-- Name: 90001; Type: BLOB METADATA; Schema: -; Owner: shop
--

SELECT pg_catalog.lo_create('90001');

ALTER LARGE OBJECT 90001 OWNER TO shop;

--
-- Data for Name: 90001; Type: BLOBS; Schema: -; Owner: shop
--

BEGIN;

SELECT pg_catalog.lo_open('90001', 131072);
SELECT pg_catalog.lowrite(0, '\xdeadbeef');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: shop
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: products products_name_key; Type: CONSTRAINT; Schema: public; Owner: shop
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_name_key UNIQUE (name);


--
-- Name: products products_pkey; Type: CONSTRAINT; Schema: public; Owner: shop
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);


--
-- Name: by; name; Type: INDEX; Schema: public; Owner: shop
--

CREATE INDEX "by; name" ON public.products USING btree (lower((name)::text));


--
-- Name: orders no_delete; Type: RULE; Schema: public; Owner: shop
--

CREATE RULE no_delete AS
    ON DELETE TO public.orders DO INSTEAD NOTHING;


--
-- Name: products touched; Type: TRIGGER; Schema: public; Owner: shop
--

CREATE TRIGGER touched BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.touch();


--
-- Name: orders orders_product_fkey; Type: FK CONSTRAINT; Schema: public; Owner: shop
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);


--
-- Name: moves moves_product_fkey; Type: FK CONSTRAINT; Schema: stock; Owner: shop
--

ALTER TABLE stock.moves
    ADD CONSTRAINT moves_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);


--
-- Name: orders everybody; Type: POLICY; Schema: public; Owner: shop
--

CREATE POLICY everybody ON public.orders USING (true);


--
-- Name: orders; Type: ROW SECURITY; Schema: public; Owner: shop
--

ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;

--
-- Name: TABLE products; Type: ACL; Schema: public; Owner: shop
--

GRANT SELECT ON TABLE public.products TO reporting;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: shop
--

ALTER DEFAULT PRIVILEGES FOR ROLE shop IN SCHEMA public GRANT SELECT ON TABLES TO reporting;


--
-- Name: totals; Type: MATERIALIZED VIEW DATA; Schema: stock; Owner: shop
--

REFRESH MATERIALIZED VIEW stock.totals;


--
-- PostgreSQL database dump complete
--

\unrestrict 1c4RjK4DD54bXtEhXatrfqj0qIKXZOX10MP9gcul05hweewA56xwhPLDNlY2qQt


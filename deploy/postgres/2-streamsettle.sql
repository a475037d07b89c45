-- What docs/kafka.md gives to a database administrator; a test compares.
\set password `cat "$STREAMSETTLE_PASSWORD_FILE"`
CREATE ROLE streamsettle LOGIN REPLICATION PASSWORD :'password';
GRANT USAGE ON SCHEMA public TO streamsettle;
GRANT SELECT ON public.orders, public.merchants, public.promoters TO streamsettle;
ALTER TABLE public.orders REPLICA IDENTITY FULL;
CREATE TABLE public.streamsettle_heartbeat (id integer PRIMARY KEY, beat_at timestamptz NOT NULL);
CREATE TABLE public.streamsettle_signal (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
GRANT SELECT, INSERT, UPDATE ON public.streamsettle_heartbeat TO streamsettle;
GRANT SELECT, INSERT, DELETE ON public.streamsettle_signal TO streamsettle;
CREATE PUBLICATION streamsettle FOR TABLE public.orders, public.merchants, public.promoters, public.streamsettle_heartbeat, public.streamsettle_signal;
CREATE SCHEMA settlement AUTHORIZATION streamsettle;

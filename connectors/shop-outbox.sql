-- The outbox of a shop that tells its orders by events, not by its table of orders: made by the owner of merchants and promoters, read by shop-outbox.json or by the service itself.
-- docs/kafka.md, "By an outbox". A writer inserts the row of an order in the transaction that changes the order:
--
--   INSERT INTO public.streamsettle_outbox (aggregateid, type, payload)
--   VALUES (42, 'OrderCompleted', '{"order_id": 42, "merchant_id": 7, ..., "completed_at": "2026-11-05T10:00:00Z"}');
--
-- The payload has the columns of contract's table orders, all of them each time; amounts are numbers or texts. An order that is deleted is told by {"order_id": 42, "__deleted": "true"}.
CREATE TABLE public.streamsettle_outbox (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    aggregatetype text NOT NULL DEFAULT 'orders' CHECK (aggregatetype = 'orders'),
    aggregateid   bigint NOT NULL,
    type          text NOT NULL,
    payload       jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object')
);

-- Says where in the source's history the change stands, as Debezium does of a table: of an order each change has a greater place than the one that was committed before it, and
-- all changes of a transaction have its name. Two transactions with one order go one after the other, else a place could be greater than that of what is committed later.
CREATE FUNCTION public.streamsettle_outbox_place() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF new.payload ->> 'order_id' IS DISTINCT FROM new.aggregateid::text THEN
        RAISE EXCEPTION 'streamsettle_outbox: aggregateid is %, and order_id of the payload %', new.aggregateid, coalesce(new.payload ->> 'order_id', 'missing') USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('public.streamsettle_outbox', new.aggregateid));
    new.payload := new.payload || jsonb_build_object(
        '__lsn', pg_current_wal_insert_lsn() - '0/0',
        '__txId', pg_current_xact_id()::text::bigint,
        '__source_ts_us', floor(extract(epoch FROM transaction_timestamp()) * 1000000)::bigint);
    RETURN new;
END
$$;

-- Nobody would be told of an event that is changed, and Debezium's router ends at a TRUNCATE.
CREATE FUNCTION public.streamsettle_outbox_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'streamsettle_outbox: there is no %: insert another event, and delete what is done', tg_op USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON public.streamsettle_outbox FOR EACH STATEMENT EXECUTE FUNCTION public.streamsettle_outbox_keep();
CREATE TRIGGER place BEFORE INSERT ON public.streamsettle_outbox FOR EACH ROW EXECUTE FUNCTION public.streamsettle_outbox_place();

-- Also of what another server's subscription writes: the place counts that it has here.
ALTER TABLE public.streamsettle_outbox ENABLE ALWAYS TRIGGER place;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A shop's writer of the outbox: whatever it does to its orders it tells in the same transaction.</summary>
static class OutboxShop
{
    /// <summary>The outbox of <c>connectors/shop-outbox.sql</c>, and a trigger in the place of a program that writes it.</summary>
    public static string Sql => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "connectors", "shop-outbox.sql")) + """

        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF tg_op = 'DELETE' THEN
                INSERT INTO streamsettle_outbox (aggregateid, type, payload) VALUES (old.order_id, 'OrderDeleted', jsonb_build_object('order_id', old.order_id, '__deleted', 'true'));
            ELSE
                INSERT INTO streamsettle_outbox (aggregateid, type, payload) VALUES (new.order_id, 'OrderChanged', to_jsonb(new));
            END IF;
            RETURN null;
        END
        $$;
        CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION tell();
        """;
}

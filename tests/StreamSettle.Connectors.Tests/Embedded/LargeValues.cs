namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>Rows with values that the server keeps beside the row, so that it does not repeat them when an update leaves them alone.</summary>
public static class LargeValues
{
    /// <summary>Long enough to go out of a row that is too long otherwise.</summary>
    public const string Zone = "America/Argentina/ComodRivadavia";

    /// <summary>Merchant 500, with that zone.</summary>
    public const string Merchant = $"""
        alter table merchants set (toast_tuple_target = 128);
        alter table merchants alter column time_zone set storage external;
        alter table merchants {Widths};
        insert into merchants (merchant_id, name, country, time_zone) select 500, string_agg(md5(i::text), ''), 'DE', '{Zone}' from generate_series(1, 700) i;
        """;

    /// <summary>Order 7, with an invoice of some 20 kB.</summary>
    public const string Order = """
        insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, invoice)
        select 7, 500, 'DE', 'EUR', 12.5, 'PAID', jsonb_build_object('text', string_agg(md5(i::text), '')) from generate_series(1, 700) i
        """;

    const string Widths = "add w1 bigint default 1, add w2 bigint default 1, add w3 bigint default 1, add w4 bigint default 1, add w5 bigint default 1, add w6 bigint default 1, "
        + "add w7 bigint default 1, add w8 bigint default 1, add w9 bigint default 1, add w10 bigint default 1, add w11 bigint default 1, add w12 bigint default 1";
}

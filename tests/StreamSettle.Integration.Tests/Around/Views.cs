using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>The views that the service keeps beside the event log, held against the events by SQL of the test's own.</summary>
static class Views
{
    const string Settled = """
        select coalesce(string_agg(row::text, ' ' order by row::text), '') from (
            select data ->> 'MerchantId', data ->> 'Currency', count(*), sum((data ->> 'Net')::numeric) from settlement.mt_events where type = 'settlement_calculated' group by 1, 2) as row
        """;

    const string SettledByView = """
        select coalesce(string_agg(row::text, ' ' order by row::text), '') from (
            select data ->> 'MerchantId', data ->> 'Currency', sum((data ->> 'SettledOrders')::bigint)::bigint, sum((data ->> 'SettledMinor')::numeric) from settlement.mt_doc_merchant_day
             where data ->> 'SettledOrders' <> '0' group by 1, 2) as row
        """;

    const string Unequal = """
        select count(*) from settlement.mt_streams s left join settlement.mt_doc_order_view v on v.id = s.id
         where v.id is null or (v.data ->> 'StreamVersion')::bigint <> s.version
            or (v.data ->> 'Currency' <> 'JPY' and (v.data ->> 'Net')::numeric * 100 <> (v.data ->> 'NetMinor')::numeric and v.data ->> 'Digits' = '2')
        """;

    /// <summary>The service keeps both from its next start on.</summary>
    public static void Use(World world)
    {
        world.Settings["Audit:Projections:Run"] = "orders, reports";
        world.Settings["Audit:Projections:Interval"] = "00:00:00.2";
    }

    public static async Task AreRightAsync(World world, ServiceProcess service)
    {
        await Until.TrueAsync(async () => await service.StatusAsync() is { Audit: { LagEvents: 0, Projections: [{ State: "running", Behind: 0 }, { State: "running", Behind: 0 }] } }, "views have every event", TimeSpan.FromMinutes(2), () => service.Tail);
        Assert.Equal(await world.QueryAsync<string>(Settled), await world.QueryAsync<string>(SettledByView));
        await OrdersAreRightAsync(world);
    }

    public static async Task OrdersAreRightAsync(World world) => Assert.Equal(0, await world.QueryAsync<long>(Unequal));
}

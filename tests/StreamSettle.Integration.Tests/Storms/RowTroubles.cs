namespace StreamSettle.Integration.Tests.Storms;

/// <summary>Transactions that a shop may well run, and that are hard to follow.</summary>
static class RowTroubles
{
    const long MovedBy = 1_000_000;

    public static IReadOnlyList<Trouble> All { get; } =
    [
        Trouble.Once("orders truncated and inserted again", Sight.Clear, storm => storm.AdministerAsync(
            "begin; create temp table kept on commit drop as select * from orders; truncate orders; insert into orders select * from kept; commit")),
        Trouble.Once("merchants truncated and inserted again", Sight.Clear, storm => storm.AdministerAsync(
            "begin; create temp table kept on commit drop as select * from merchants; truncate merchants; insert into merchants select * from kept; commit")),
        Trouble.Once("orders truncated for a moment", Sight.Clear, async storm => await storm.Trade.BetweenWritesAsync(async () =>
        {
            await storm.ExecuteAsync("create table kept as select * from orders");
            await storm.ExecuteAsync("truncate orders");
            await storm.PassesAsync(TimeSpan.FromSeconds(1));
            await storm.ExecuteAsync("insert into orders select * from kept; drop table kept");
        })),
        Trouble.Once("a big transaction", Sight.Clear, storm => storm.AdministerAsync(
            "begin; " + string.Concat(Enumerable.Range(1, 8).Select(n => $"update orders set note = repeat('{n}', 500); ")) + "commit")),
        Trouble.Once("a big transaction that is rolled back", Sight.Clear, storm => storm.AdministerAsync(
            "begin; update orders set status = 'CANCELLED', refunded_amount = gross_amount, note = 'never'; delete from orders; rollback")),
        Trouble.Once("keys changed", Sight.Clear, ChangeKeysAsync),
        Trouble.Once("deleted and inserted by two at once", Sight.Clear, ExchangeAsync),
        new("locked", Sight.Either, storm => storm.LockAsync(), storm => storm.UnlockAsync()),
    ];

    static Task ChangeKeysAsync(Storm storm) => storm.Trade.BetweenWritesAsync(async () =>
    {
        foreach (var sale in storm.Trade.Lasting(most: 4))
        {
            await storm.ExecuteAsync($"update orders set order_id = order_id + {MovedBy} where order_id = {sale.Id}");
            storm.Trade.Move(sale, sale.Id + MovedBy);
        }
    });

    /// <summary>The one that inserts writes first and commits last, which a deferred key allows: the later commit counts.</summary>
    static Task ExchangeAsync(Storm storm) => storm.Trade.BetweenWritesAsync(async () =>
    {
        var ids = string.Join(',', storm.Trade.Lasting(most: 30).Select(sale => sale.Id).DefaultIfEmpty(0));
        await using var one = await storm.OpenAsync();
        await using var other = await storm.OpenAsync();
        await Storm.ExecuteAsync(one, $"begin; insert into orders select * from orders where order_id in ({ids})");
        await Storm.ExecuteAsync(other, $"delete from orders where order_id in ({ids})");
        await Storm.ExecuteAsync(one, "commit");
    });
}

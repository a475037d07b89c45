using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>Two transactions that overlap delete a row and make another of its key: the later committed one writes its WAL first.</summary>
public sealed class ConcurrentTransactionsTests(SourceServer server)
{
    const string Order = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,note) values ";

    public static TheoryData<string, string, string> Tables => new()
    {
        { "orders", "order_id", Order + "(1,5,'US','USD',{0},'PAID','{1}')" },
        { "merchants", "merchant_id", "insert into merchants (merchant_id,name,tier,country) values (1,'{1}','T{0}','US')" },
        { "promoters", "promoter_id", "insert into promoters (promoter_id,parent_id,name) values (1,{0},'{1}')" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task With_a_deferrable_key_the_row_that_was_committed_later_counts(string table, string key, string insert)
    {
        var shop = await ShopAsync(table);
        await shop.ExecuteAsync($"alter table {table} add primary key ({key}) deferrable initially deferred");
        await shop.ExecuteAsync(Row(insert, 10, "old"));
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());

        await using var making = await OpenTransaction.BeginAsync(shop);
        await making.ExecuteAsync(Row(insert, 20, "new"));
        await shop.ExecuteAsync($"delete from {table}");
        await making.CommitAsync();
        await shop.ExecuteAsync(Order + "(99,5,'US','USD',1,'PAID','finale')");
        await capture.UntilAsync(() => capture.Records("orders").Any(record => record.Value is { } value && value.Contains("finale", StringComparison.Ordinal)));

        AssertLives(capture, table);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task With_a_second_unique_index_the_row_that_was_committed_later_counts(string table, string key, string insert)
    {
        var shop = await ShopAsync(table);
        // The older index is checked first, and waited for, when the row's WAL is written already.
        await shop.ExecuteAsync($"create unique index on {table} ({(table == "orders" ? "note" : "name")}); alter table {table} add primary key ({key})");
        await shop.ExecuteAsync(Row(insert, 10, "old"));
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());

        await using var blocking = await OpenTransaction.BeginAsync(shop);
        await blocking.ExecuteAsync(Row(insert, 30, "new").Replace("(1,", "(2,", StringComparison.Ordinal));
        var making = shop.ExecuteAsync(Row(insert, 20, "new"));
        await blocking.UntilAwaitedAsync(shop);
        await shop.ExecuteAsync($"delete from {table}");
        await blocking.ExecuteAsync("rollback");
        await making;
        await shop.ExecuteAsync(Order + "(99,5,'US','USD',1,'PAID','finale')");
        await capture.UntilAsync(() => capture.Records("orders").Any(record => record.Value is { } value && value.Contains("finale", StringComparison.Ordinal)));

        AssertLives(capture, table);
    }

    async Task<SourceDatabase> ShopAsync(string table)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync($"alter table promoters drop constraint promoters_parent_id_fkey; alter table {table} drop constraint {table}_pkey; alter table {table} replica identity full");
        return shop;
    }

    static string Row(string insert, int value, string text) =>
        insert.Replace("{0}", value.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{1}", text, StringComparison.Ordinal);

    /// <summary>The delete came first, stands higher in the WAL than the create, and does not count against it.</summary>
    static void AssertLives(Capture capture, string table)
    {
        var changes = capture.Records(table)
            .Where(record => record.Value is not null && record.Key!.EndsWith(":1}", StringComparison.Ordinal))
            .Select(record => AnyChange.Read(table, record.Value!))
            .ToList();

        Assert.Equal([ChangeOp.Upsert, ChangeOp.Delete, ChangeOp.Upsert], changes.Select(change => change.Op));
        Assert.True(changes[2].Position.Lsn < changes[1].Position.Lsn, "the two transactions did not overlap as the test wants");
        Assert.True(changes[1].Position.IsAfter(changes[0].Position));
        Assert.True(changes[2].Position.IsAfter(changes[1].Position));
        Assert.False(changes[1].Position.IsAfter(changes[2].Position));
    }
}

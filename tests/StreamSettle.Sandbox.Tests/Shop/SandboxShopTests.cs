using Npgsql;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Sandbox.Tests.Postgres;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Shop;

public class SandboxShopTests(SharedPostgres postgres)
{
    static readonly ShopOptions Options = new()
    {
        Orders = 1500,
        EarlyWithin = TimeSpan.FromMilliseconds(100),
        LateAfter = TimeSpan.FromMilliseconds(300),
        Fates = new() { Poison = 0.02, KeyChanged = 0.01, RefundedAfter = 0.05 },
    };

    [Fact]
    public async Task Every_order_ends_as_its_fate_says()
    {
        var database = await postgres.NewDatabaseAsync();
        var summary = await SandboxShop.RunAsync(Options, database, TimeProvider.System);

        Assert.Equal(1500, summary.Created);
        Assert.False(summary.Interrupted);
        Assert.Equal(summary.Fates.Values.Sum(), summary.Created);
        await using var source = NpgsqlDataSource.Create(database);
        async Task<long> Count(string where) => (long)(await source.CreateCommand($"select count(*) from orders where {where}").ExecuteScalarAsync())!;
        int Of(params OrderFate[] fates) => fates.Sum(fate => summary.Fates.GetValueOrDefault(fate));
        Assert.Equal(1500 - Of(OrderFate.Deleted), await Count("true"));
        Assert.Equal(Of(OrderFate.KeyChanged), await Count($"order_id > {FatePlan.KeyShift}"));
        Assert.Equal(Of(OrderFate.CancelledAfterCompletion, OrderFate.CancelledUnpaid), await Count("status = 'CANCELLED'"));
        Assert.Equal(Of(OrderFate.Disputed), await Count("status = 'DISPUTED'"));
        Assert.Equal(Of(OrderFate.NeverCompleted), await Count("status = 'PAID'"));
        Assert.Equal(Of(OrderFate.NoCompletedAt), await Count("status = 'COMPLETED' and completed_at is null"));
        Assert.Equal(Of(OrderFate.UnknownCurrency), await Count("currency = 'XXX'"));
        Assert.Equal(Of(OrderFate.NegativeShipping), await Count("shipping_amount < 0"));
        Assert.Equal(Of(OrderFate.UnknownMerchant), await Count("not exists (select from merchants m where m.merchant_id = orders.merchant_id)"));
        Assert.Equal(Of(OrderFate.RefundedAfter, OrderFate.RefundedPartlyBefore, OrderFate.RefundedWhollyBefore), await Count("refunded_amount > 0"));
        Assert.Equal(0, await Count("refunded_amount > gross_amount"));
    }

    [Fact]
    public async Task A_second_run_goes_on_after_the_first()
    {
        var database = await postgres.NewDatabaseAsync();
        var options = Options with { Orders = 100, Fates = FateShares.None };
        var first = await SandboxShop.RunAsync(options, database, TimeProvider.System);
        var second = await SandboxShop.RunAsync(options with { BornCompleted = true }, database, TimeProvider.System);

        Assert.Equal((1, 101), (first.FirstOrderId, second.FirstOrderId));
        Assert.Equal(100, second.Completed);
    }

    [Fact]
    public async Task A_cancelled_shop_stops_and_tells_what_it_did()
    {
        var database = await postgres.NewDatabaseAsync();
        using var stop = new CancellationTokenSource();
        var progress = new Stopper(stop);
        var summary = await SandboxShop.RunAsync(Options with { Orders = 1_000_000, RatePerSecond = 1000 }, database, TimeProvider.System, progress, stop.Token);

        Assert.True(summary.Interrupted);
        Assert.InRange(summary.Created, 1, 999_999);
        Assert.Contains("interrupted", summary.ToText(), StringComparison.Ordinal);
    }

    sealed class Stopper(CancellationTokenSource stop) : IProgress<ShopProgress>
    {
        public void Report(ShopProgress value) => stop.Cancel();
    }
}

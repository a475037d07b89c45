using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Streams.Embedded;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class EmbeddedLogTests(SourceServer server)
{
    [Fact]
    public async Task Records_and_offset_survive_together_in_the_log_on_disk()
    {
        var shop = await server.NewShopAsync();
        var directory = Directory.CreateTempSubdirectory("streamsettle-cdc-");
        try
        {
            for (var start = 1; start <= 3; start++)
            {
                await shop.ExecuteAsync($"insert into merchants values ({start}, 'm', 'KA', 'US', 'UTC')");
                Assert.Equal(start, await RecordsAfterStartAsync(shop, Path.Combine(directory.FullName, "log"), $"s{start}"));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_truncate_while_the_service_was_down_is_one_record_a_partition_however_many_rows_it_took()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) select i,1,'US','USD',i,'PAID' from generate_series(1,50000) i");
        var directory = Directory.CreateTempSubdirectory("streamsettle-cdc-");
        try
        {
            Assert.Equal(50_000, await RecordsAfterStartAsync(shop, Path.Combine(directory.FullName, "log"), "s1"));
            await shop.ExecuteAsync("truncate orders");

            Assert.Equal(50_004, await RecordsAfterStartAsync(shop, Path.Combine(directory.FullName, "log"), "s2"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    static async Task<long> RecordsAfterStartAsync(SourceDatabase shop, string directory, string start)
    {
        await using var log = EmbeddedLog.Open(new() { Directory = directory }, Guid.NewGuid, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var source = new EmbeddedCdcSource(Capture.Options(shop), log, log.ReadMetadata, start, TimeProvider.System);
        var running = source.RunAsync(stop.Token);
        var ends = await source.CaughtUp.WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await running;
        return ends.Values.Sum();
    }
}

using System.Diagnostics;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A server whose data can be put back, with a shop in it and the log that follows that.</summary>
sealed class RestorableSource(PrivatePostgres server) : IAsyncDisposable
{
    public SourceDatabase Shop { get; } = new(server.ConnectionString);

    public MemoryLog Log { get; } = new();

    string Data => Path.Combine(server.Directory, "data");

    public static async Task<RestorableSource> StartAsync()
    {
        SourceServer.Require();
        // Nothing here loses power, and a server that is stopped in good order has written what it has.
        var source = new RestorableSource(await PrivatePostgres.StartAsync(new()
        {
            Durable = false, Settings = new Dictionary<string, string> { ["wal_sender_timeout"] = "5s", ["synchronous_commit"] = "on" },
        }));
        await SourceServer.MakeTablesAsync(source.Shop);
        return source;
    }

    public Task SellAsync(int order) => Shop.ExecuteAsync($"insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ({order},5,'US','USD',1,'PAID')");

    /// <summary>More WAL than any of these tests writes otherwise.</summary>
    public Task WriteMuchAsync() => Shop.ExecuteAsync("create table much as select repeat('x', 500) from generate_series(1, 20000)");

    public CdcOffset Offset => CdcOffset.Read(Log.ReadMetadata(CdcOffset.MetadataName) ?? []);

    /// <summary>As if the last run had ended with another offset.</summary>
    public void Change(Func<CdcOffset, CdcOffset> change) => Capture.Commit(Log, change(Offset));

    /// <summary>Two runs of the capture, and a server that was put back to where it stood after the first.</summary>
    public async Task ReadAndRestoreAsync()
    {
        await ReadAsync();
        await BackUpAsync("old");
        await SellAsync(1);
        await ReadAsync();
        await RestoreAsync("old");
    }

    /// <summary>The shop goes on from there, further than it was read before.</summary>
    public async Task GoOnAsync(string since = "select")
    {
        await SellAsync(2);
        await Shop.ExecuteAsync(since);
        await WriteMuchAsync();
    }

    /// <summary>A run of the capture that reads all there is, and a mark behind it.</summary>
    public async Task ReadAsync()
    {
        await using var capture = await Capture.StartedAsync(Shop, Log);
        await MarkedAsync(capture);
    }

    /// <summary>Waits until a mark has come from behind all that there is: by it, and not by what came since the one before, another history is told from this one.</summary>
    public async Task MarkedAsync(Capture capture)
    {
        var at = (ulong)await Shop.ScalarAsync<long>("select (pg_current_wal_insert_lsn() - '0/0')::bigint");
        await capture.UntilAsync(() => Offset.Mark is { } mark && mark.Commit >= at);
    }

    /// <summary>A copy of the data, and behind it the first order, which the capture has followed.</summary>
    public async Task BackUpAndFollowAsync(Capture capture, string name)
    {
        await BackUpAsync(name);
        await SellAsync(1);
        await capture.UntilAsync(() => capture.Records("orders").Count == 1);
        await MarkedAsync(capture);
    }

    /// <param name="checkToo">It can be told without reading the slot.</param>
    public async Task RefusedAsync(string message, bool checkToo = true)
    {
        var look = await new SourceLook(Capture.Options(Shop), Log.ReadMetadata).ReadAsync(CancellationToken.None);
        Assert.Equal(checkToo, look.Findings.Any(finding => finding.Message.Contains(message, StringComparison.Ordinal)));
        await using var capture = Capture.Start(Shop, Log);
        var refused = await capture.FailedAsync<UserMistakeException>();
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restored from a backup", refused.Message, StringComparison.Ordinal);
    }

    public async Task BackUpAsync(string name)
    {
        await server.StopAsync();
        await RunAsync("cp", "-a", Data, $"{Data}-{name}");
        await server.StartAgainAsync();
    }

    public async Task RestoreAsync(string name, bool promote = false)
    {
        await server.StopAsync();
        await RunAsync("rm", "-r", Data);
        await RunAsync("cp", "-a", $"{Data}-{name}", Data);
        if (promote)
        {
            await RunAsync("cp", "-a", Path.Combine(Data, "PG_VERSION"), Path.Combine(Data, "standby.signal"));
        }

        await server.StartAgainAsync();
        if (promote)
        {
            Assert.True(await Shop.ScalarAsync<bool>("select pg_promote()"));
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}

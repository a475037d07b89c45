using System.Diagnostics;
using System.Text;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A source that has less than was read of it: restored from a backup, or promoted without having got everything.</summary>
public sealed class SourceHistoryTests
{
    const string Insert = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ";

    /// <summary>More WAL than any of these tests writes otherwise.</summary>
    const string WriteMuch = "create table much as select repeat('x', 500) from generate_series(1, 20000)";

    [Theory]
    [InlineData("1\t0/3000060\tno recovery target specified\n2\t0/5000000\tbefore 2026-11-01\n", 1u, 0x3000060UL)]
    [InlineData("# a comment\n\n1\t0/3000060\tx\n2\t1/5000000\ty\n", 2u, 0x105000000UL)]
    [InlineData("1\t0/3000060\tx\n", 2u, null)]
    [InlineData("", 1u, null)]
    public void A_timelines_history_says_how_far_it_followed_another(string history, uint timeline, ulong? switched) =>
        Assert.Equal(switched, Timelines.FollowedUpTo(Encoding.UTF8.GetBytes(history), timeline));

    [Fact]
    public async Task A_source_that_is_restored_while_it_is_followed_is_not_followed_until_the_right_one_is_back()
    {
        await using var source = await RestorableSource.StartAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        await source.BackUpAsync("old");
        await source.Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
        await capture.UntilAsync(() => capture.Records("orders").Count == 1);
        await source.BackUpAsync("new");

        await source.RestoreAsync("old");
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("has read it up to", StringComparison.Ordinal));

        await source.RestoreAsync("new");
        await source.Shop.ExecuteAsync(Insert + "(2,5,'US','USD',1,'PAID')");
        await capture.UntilAsync(() => capture.Records("orders").Count == 2);
        Assert.IsType<CdcStatus.Streaming>(capture.Source.Status);
    }

    [Fact]
    public async Task A_start_on_a_restored_source_is_refused()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        await source.RefusedAsync("has read it up to");
    }

    [Theory]
    [InlineData("select")]
    [InlineData("alter table orders alter category type varchar(60)")]
    public async Task It_is_refused_however_far_that_has_come_since_and_although_it_was_altered_and_would_be_read_again(string since)
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        await source.GoOnAsync(since);
        await source.RefusedAsync("another history", checkToo: false);
    }

    [Fact]
    public async Task So_it_is_after_a_run_that_was_killed_before_the_first_mark_that_followed_a_second_copy()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        source.Change(offset => offset with { IsCopy = true });
        await source.GoOnAsync();
        await source.RefusedAsync("another history", checkToo: false);
    }

    [Fact]
    public async Task After_a_run_that_was_killed_before_the_first_mark_of_all_the_tables_are_copied_again_whatever_the_source_has_become()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        source.Change(offset => offset with { IsCopy = true, Mark = null });
        await source.GoOnAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        Assert.Equal(await OrderStates.InTableAsync(source.Shop), OrderStates.InLog(capture));
        Assert.False(source.Offset.IsCopy);
    }

    [Fact]
    public async Task A_copy_that_no_mark_has_followed_is_gone_on_from_when_the_mark_before_it_is_there()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        source.Change(offset => offset with { IsCopy = true });
        await source.Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        Assert.Contains("\"op\":\"c\"", Assert.Single(capture.Records("orders")).Value, StringComparison.Ordinal);
        Assert.False(source.Offset.IsCopy);
    }

    [Fact]
    public async Task A_source_that_is_restored_and_altered_while_it_is_followed_is_not_read_again()
    {
        await using var source = await RestorableSource.StartAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        await source.BackUpAsync("old");
        await source.Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
        await capture.UntilAsync(() => capture.Records("orders").Count == 1);
        await source.RestoreAsync("old");
        await source.Shop.ExecuteAsync("alter table orders alter category type varchar(60)");
        await source.Shop.ExecuteAsync(WriteMuch);
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("another history", StringComparison.Ordinal));
        Assert.Single(capture.Records("orders"));
    }

    [Fact]
    public async Task A_promoted_standby_that_had_not_got_everything_is_refused_however_far_it_is_by_now()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        await source.BackUpAsync("old");
        await source.Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
        await source.ReadAsync();
        await source.RestoreAsync("old", promote: true);
        await source.Shop.ExecuteAsync(WriteMuch);
        await source.RefusedAsync("the source is on timeline 2");
    }

    [Fact]
    public async Task A_promoted_standby_that_had_got_everything_is_followed_on()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        await source.BackUpAsync("all");
        await source.RestoreAsync("all", promote: true);
        await source.Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
        for (var start = 1; start <= 2; start++)
        {
            await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
            Assert.Single(capture.Records("orders"));
        }
    }

    /// <summary>A server whose data can be put back, with a shop in it and the log that follows that.</summary>
    sealed class RestorableSource(PrivatePostgres server) : IAsyncDisposable
    {
        public SourceDatabase Shop { get; } = new(server.ConnectionString);

        public MemoryLog Log { get; } = new();

        string Data => Path.Combine(server.Directory, "data");

        public static async Task<RestorableSource> StartAsync()
        {
            SourceServer.Require();
            var source = new RestorableSource(await PrivatePostgres.StartAsync(new() { Settings = new Dictionary<string, string> { ["wal_sender_timeout"] = "5s" } }));
            await SourceServer.MakeTablesAsync(source.Shop);
            return source;
        }

        public CdcOffset Offset => CdcOffset.Read(Log.ReadMetadata(CdcOffset.MetadataName) ?? []);

        /// <summary>As if the last run had ended with another offset.</summary>
        public void Change(Func<CdcOffset, CdcOffset> change) => Capture.Commit(Log, change(Offset));

        /// <summary>Two runs of the capture, and a server that was put back to where it stood after the first.</summary>
        public async Task ReadAndRestoreAsync()
        {
            await ReadAsync();
            await BackUpAsync("old");
            await Shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
            await ReadAsync();
            await RestoreAsync("old");
        }

        /// <summary>The shop goes on from there, further than it was read before.</summary>
        public async Task GoOnAsync(string since = "select")
        {
            await Shop.ExecuteAsync(Insert + "(2,5,'US','USD',1,'PAID')");
            await Shop.ExecuteAsync(since);
            await Shop.ExecuteAsync(WriteMuch);
        }

        /// <summary>A run of the capture that reads all there is.</summary>
        public async Task ReadAsync()
        {
            await using var capture = await Capture.StartedAsync(Shop, Log);
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
}

using CsCheck;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.EventLog;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Ids;
using Xunit;

namespace StreamSettle.Audit.Tests.Marten;

public sealed class MartenEventLogContractTests(PostgresFixture postgres) : EventLogContract, IAsyncDisposable
{
    readonly List<MartenEventLog> opened = [];

    protected override async Task<IEventLog> NewLogAsync()
    {
        var log = new MartenEventLog(await postgres.NewDatabaseAsync());
        opened.Add(log);
        return log;
    }

    [Fact]
    public async Task It_does_what_the_log_in_memory_does_for_any_batches()
    {
        var (real, model) = (await Opened(await NewLogAsync()), await Opened(new MemoryEventLog(TimeProvider.System)));
        var batches = Gen.Select(
            Gen.Int[0, 2], Gen.Int[0, 12], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9]).Array[1, 6],
            (partition, first, events) => (Source: new SourcePartition("settlement-events", partition), First: (long)first, Events: events));
        // The logs live on, so every sequence of batches is continued by the next; its positions begin where no sequence was before.
        var round = 0;

        await batches.Array[1, 8].SampleAsync(
            async sequence =>
            {
                round++;
                foreach (var (source, first, events) in sequence)
                {
                    var batch = Sample.Batch(
                        Sample.Log, source, round * 20 + first, [.. events.Select(one => ((long)round * 10 + one.Item1, (SettlementEvent)Sample.Due($"{one.Item2}")))]);
                    var (expected, actual) = (await model.AppendAsync(batch, CancellationToken.None), await real.AppendAsync(batch, CancellationToken.None));
                    Assert.Equal((expected.Appended, expected.Replayed), (actual.Appended, actual.Replayed));
                    Assert.Equal(expected.Positions, actual.Positions);
                }

                for (var order = 0; order < 4; order++)
                {
                    Assert.Equal(await StreamAsync(model, round * 10 + order), await StreamAsync(real, round * 10 + order));
                }
            },
            iter: 40, threads: 1);

        Assert.Equal(await model.CountsAsync(CancellationToken.None), await real.CountsAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }
    }

    static async Task<(long, string, Guid, string)[]> StreamAsync(IEventLog log, long order) =>
        [.. (await log.ReadStreamAsync(new OrderId(order), CancellationToken.None)).Select(one => (one.Version, one.Type, one.Id, one.Cause))];
}

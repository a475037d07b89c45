using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public class CdcOutputTests
{
    [Fact]
    public async Task A_record_of_what_was_read_reaches_nothing_that_a_commit_before_it_failed_to_reach()
    {
        var log = new MemoryLog();
        log.EnsureTopics([new(SourceProgress.Topic, 1, TopicRetention.Keep)]);
        using var client = log.OpenClient("capture", "1");
        var output = new CdcOutput(client, [], 1);
        await output.CommitAsync(At(10));
        log.BeforeCommit = _ => throw new TransactionAbortedException("planted");
        await Assert.ThrowsAsync<TransactionAbortedException>(() => output.CommitAsync(At(20)).AsTask());
        log.BeforeCommit = null;

        output.Start(new("run", 1, [0]), 0);
        await output.SettleAsync();

        // The server may forget what lies below: the log has nothing above 10.
        Assert.Equal(10ul, output.Committed!.Lsn);
    }

    static CdcOffset At(ulong lsn) => new(CdcPhase.Streaming, lsn, 1, "1", "shop", "slot", "instance", default);
}

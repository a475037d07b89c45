using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Embedded.Commits;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class WriteHealthTests
{
    const string Quota = "IO error: while appending to file: Disk quota exceeded";
    const string Full = "IO error: No space left on device: while appending to file";

    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch);
    readonly CollectingLogger<EmbeddedLog> said = new();
    bool mayWrite;

    WriteHealth Health => field ??= new("state", () => mayWrite, time, said);

    [Fact]
    public void A_failure_is_said_once_and_its_end_once()
    {
        for (var i = 0; i < 10; i++)
        {
            Health.Failed(Full);
        }

        Assert.Equal(Full, Health.Failure);
        Health.Happened();
        Health.Happened();
        Assert.Null(Health.Failure);
        Assert.Equal([2103, 2104], said.Said.Select(line => line.Id));
    }

    [Fact]
    public void A_database_that_takes_nothing_though_its_directory_does_again_needs_a_new_start()
    {
        Health.Failed(Quota);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(Health.IsStuck());

        mayWrite = true;
        Assert.True(Health.IsStuck());
    }

    [Fact]
    public void A_full_disk_or_a_moment_needs_none()
    {
        mayWrite = true;
        Health.Failed(Quota);
        Assert.False(Health.IsStuck());
        Health.Happened();
        Health.Failed(Full);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(Health.IsStuck());
    }
}

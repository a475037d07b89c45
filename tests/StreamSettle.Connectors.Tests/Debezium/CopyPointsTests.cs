using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>At which points the tables were copied is known by the rows, and kept so that other releases read it.</summary>
public sealed class CopyPointsTests
{
    const string Topic = "shop.public.promoters";

    [Fact]
    public void Rows_of_copies_tell_their_points_and_changes_and_what_cannot_be_read_tell_none()
    {
        var log = new MemoryLog(new Hostility(new(7)));
        log.EnsureTopics([new(Topic, 2, TopicRetention.Keep)]);
        var serde = new PromoterChangeSerde();
        var points = new CopyPoints(log, "looks", "one", [new(Topic, (value, headers) => serde.Read(value, headers).Position)]);
        points.ReadOn(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (points.First, points.Last));

        Write(log, 0, Promoter(1, ChangePosition.Snapshot(500)), Promoter(1, ChangePosition.Streamed(900)), "no change"u8.ToArray());
        Write(log, 1, Promoter(2, ChangePosition.Snapshot(500)), Promoter(3, ChangePosition.None));
        points.ReadOn(TestContext.Current.CancellationToken);
        Assert.Equal((500, 500), (points.First, points.Last));

        Write(log, 1, Promoter(2, ChangePosition.Snapshot(1_000)));
        points.ReadOn(TestContext.Current.CancellationToken);
        Assert.Equal((500, 1_000), (points.First, points.Last));
    }

    [Fact]
    public void A_look_that_a_release_kept_before_copies_counted_is_read_and_one_of_now_begins_alike()
    {
        byte[] fingerprint = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
        byte[] before = [1, 32, .. fingerprint, 5];
        var old = KeptLook.Read(before);
        Assert.Equal((5UL, null), (old.Columns, old.Copied));
        Assert.Equal(before, old.ToBytes());

        var bytes = (old with { Copied = 300 }).ToBytes();
        Assert.Equal(before, bytes[..before.Length]);
        Assert.Equal(300, KeptLook.Read(bytes).Copied);
    }

    [Fact]
    public void What_a_person_accepts_of_a_copy_holds_for_no_other_copy_and_of_an_alteration_is_what_the_source_is_since()
    {
        byte[] now = [.. Enumerable.Repeat((byte)9, 32)];
        var kept = new KeptLook(new byte[32], 0, 300);

        Assert.Equal("09090909", kept.Show(now));
        var copied = KeptLook.Read(kept.Doubted(400).ToBytes());
        Assert.Equal(kept.Doubted(400).Show(now), copied.Show(now));
        Assert.Equal(3, new[] { kept.Show(now), copied.Show(now), kept.Doubted(500).Show(now) }.Distinct().Count());
    }

    static void Write(MemoryLog log, int partition, params IEnumerable<byte[]> values)
    {
        var batch = new RecordBatch();
        foreach (var value in values)
        {
            batch.Add(1, true, default, false, value, default);
        }

        log.Append(new(Topic, partition), batch);
    }

    static byte[] Promoter(long id, ChangePosition position)
    {
        var buffer = new ByteBuffer();
        new PromoterChangeSerde().Write(new(ChangeOp.Upsert, new(id), position, null), new(buffer));
        return buffer.Written.ToArray();
    }
}

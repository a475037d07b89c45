using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Changes;

public class ChangePositionTests
{
    /// <summary>A stretch of a source's history, in the order of its commits.</summary>
    static readonly ChangePosition[] History =
    [
        ChangePosition.Snapshot(100),
        ChangePosition.Streamed(100, 100),
        ChangePosition.Streamed(300, 290),
        ChangePosition.Streamed(310, 150),
        ChangePosition.Streamed(310, 160),
        ChangePosition.Snapshot(400),
        ChangePosition.Streamed(420, 380),
    ];

    [Fact]
    public void Commits_order_changes_and_only_within_one_their_own_places_do()
    {
        for (var i = 0; i < History.Length; i++)
        {
            for (var j = 0; j < History.Length; j++)
            {
                Assert.Equal(i > j, History[i].IsAfter(History[j]));
            }
        }
    }

    [Fact]
    public void From_debezium_the_commit_before_orders_transactions_as_their_own_would()
    {
        // Two overlapping transactions, committed at 200 and 300; the connector had seen a commit end at 90 before.
        var first = ChangePosition.Streamed(90, 150);
        var second = ChangePosition.Streamed(208, 140);

        Assert.True(second.IsAfter(first));
        Assert.False(first.IsAfter(second));
    }

    [Fact]
    public void Where_the_commit_is_not_told_the_own_place_decides_and_a_snapshot_lies_below()
    {
        var snapshot = ChangePosition.Snapshot(100);
        var began = ChangePosition.Streamed(80);

        Assert.True(began.IsAfter(snapshot));
        var kept = began.Over(snapshot);
        Assert.False(began.IsAfter(kept));
        Assert.False(snapshot.IsAfter(kept));
        Assert.True(ChangePosition.Streamed(85).IsAfter(kept));
        Assert.False(ChangePosition.Streamed(75).IsAfter(kept));
        Assert.True(ChangePosition.Streamed(120, 110).IsAfter(kept));
        Assert.True(ChangePosition.Snapshot(130).IsAfter(kept));
    }

    [Fact]
    public void Without_a_position_the_order_of_records_decides_and_what_was_known_is_kept()
    {
        var known = ChangePosition.Streamed(300, 290);

        Assert.True(ChangePosition.None.IsAfter(known));
        Assert.Equal(known, ChangePosition.None.Over(known));
        Assert.True(known.IsAfter(ChangePosition.None));
        Assert.Equal(known, known.Over(ChangePosition.Snapshot(200)));
    }

    [Theory]
    [InlineData("none", "00")]
    [InlineData("290", "02AC02A202")]
    [InlineData("100s", "016464")]
    [InlineData("80", "035050")]
    [InlineData("100r", "046464")]
    public void A_position_is_kept_in_these_bytes_and_named_like_this(string text, string bytes)
    {
        var position = text switch
        {
            "none" => ChangePosition.None,
            "290" => ChangePosition.Streamed(300, 290),
            "100s" => ChangePosition.Snapshot(100),
            "100r" => ChangePosition.Scanned(100),
            _ => ChangePosition.Streamed(80),
        };
        var buffer = new ByteBuffer();
        position.Write(new(buffer));
        var reader = new ByteReader(buffer.Written);

        Assert.Equal((text, bytes), (position.ToString(), Convert.ToHexString(buffer.Written)));
        Assert.Equal(position, ChangePosition.Read(ref reader));
    }

    [Fact]
    public void Bytes_of_another_kind_are_corrupt() => Assert.Throws<CorruptStateException>(() =>
    {
        var reader = new ByteReader([5, 0, 0]);
        ChangePosition.Read(ref reader);
    });
}

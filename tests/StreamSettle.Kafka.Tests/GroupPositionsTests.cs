using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Positions;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class GroupPositionsTests
{
    static readonly TopicPartition Left = new("left", 1);

    static readonly TopicPartition Right = new("right", 1);

    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    readonly LogCommit commit = new();

    [Fact]
    public void The_first_commit_carries_all_positions_and_a_note_of_what_was_committed_before_it()
    {
        var positions = Taken(Committed(Left, 3), Committed(Right, 5));
        commit.Positions.Add((Left, 4));
        positions.Complete(commit);

        Assert.Equal([(Left, 4L), (Right, 5L)], commit.Positions);
        Assert.Equal([("positions/group/1", "left 3 id-left\nright 5 id-right\n")], Notes());
        positions.Committed(commit.Positions);
        Assert.Equal(4, positions.Of(Left));
    }

    [Fact]
    public void A_further_commit_carries_what_moved_and_the_lead_topics_of_each_index()
    {
        TopicPartition third = new("left", 2), fourth = new("right", 2);
        var positions = Taken(Committed(Left, 3), Committed(Right, 5), Committed(third, 7), Committed(fourth, 9));
        positions.Complete(commit);
        positions.Committed(commit.Positions);

        commit.Clear();
        commit.Positions.AddRange([(Left, 3), (Right, 6), (third, 7), (fourth, 9)]);
        positions.Complete(commit);
        Assert.Empty(Notes());
        Assert.Equal([(Right, 6), (Left, 3), (third, 7)], commit.Positions);
        positions.Committed(commit.Positions);

        commit.Clear();
        commit.Positions.AddRange([(Left, 4), (Right, 6), (third, 7), (fourth, 9)]);
        positions.Complete(commit);
        Assert.Equal([(Left, 4), (third, 7)], commit.Positions);
    }

    [Fact]
    public void What_was_taken_since_is_carried_with_all_others_also_where_it_did_not_move()
    {
        var positions = Taken(Committed(Left, 3));
        positions.Complete(commit);
        positions.Committed(commit.Positions);
        positions.Take(new(Right, 0, IsCommitted: false));

        commit.Clear();
        commit.Positions.Add((Left, 3));
        positions.Complete(commit);
        Assert.Equal([(Left, 3L), (Right, 0L)], commit.Positions);
    }

    [Fact]
    public void A_note_and_all_positions_are_due_again_after_a_while()
    {
        var positions = Taken(Committed(Left, 3), Committed(Right, 5));
        positions.Complete(commit);
        positions.Committed([(Left, 4)]);
        time.Advance(TimeSpan.FromMinutes(10));
        commit.Clear();
        positions.Complete(commit);
        Assert.Equal([(Left, 4L), (Right, 5L)], commit.Positions);
        Assert.Equal([("positions/group/1", "left 4 id-left\nright 5 id-right\n")], Notes());
    }

    [Fact]
    public void They_are_due_a_while_after_all_were_told_whatever_was_since_and_never_without_partitions()
    {
        var positions = Taken(Committed(Left, 3), Committed(Right, 5));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(positions.IsDue);
        positions.Complete(commit);
        positions.Committed(commit.Positions);
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(positions.IsDue);
        positions.Committed([(Left, 4)]);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(positions.IsDue);
        positions.Forget([Right]);
        positions.Forget([Left]);
        Assert.False(positions.IsDue);
    }

    [Theory]
    [InlineData(true, "left 3 id-left\nright 0 id-right\n")]
    [InlineData(false, "left 3 id-left\n")]
    public void Without_transactions_a_position_is_noted_only_once_the_brokers_have_it(bool exactlyOnce, string first)
    {
        var positions = Taken(exactlyOnce, Committed(Left, 3), new(Right, 0, IsCommitted: false));
        positions.Complete(commit);
        Assert.Equal([("positions/group/1", first)], Notes());
        positions.Committed(commit.Positions);

        commit.Clear();
        positions.CompleteLast(commit);
        Assert.Equal([("positions/group/1", "left 3 id-left\nright 0 id-right\nlast\n")], Notes());
    }

    /// <summary>Taken while a commit was under way that did not carry it.</summary>
    [Fact]
    public void Without_transactions_only_what_a_commit_carried_is_known_to_the_brokers()
    {
        var positions = Taken(exactlyOnce: false, Committed(Left, 3));
        positions.Complete(commit);
        positions.Take(new(Right, 0, IsCommitted: false));
        positions.Committed([(Left, 4)]);

        commit.Clear();
        positions.Complete(commit);
        Assert.Equal([("positions/group/1", "left 4 id-left\n")], Notes());
        positions.Committed(commit.Positions);

        commit.Clear();
        positions.Complete(commit);
        Assert.Equal([("positions/group/1", "left 4 id-left\nright 0 id-right\n")], Notes());
    }

    [Theory]
    [InlineData("left")]
    [InlineData("left x id\n")]
    [InlineData("left -1 id\n")]
    [InlineData("left 1\n")]
    [InlineData("left 1 id 2\n")]
    [InlineData("left 1 id\nleft 2 id\n")]
    public void What_is_no_note_is_told(string value) =>
        Assert.Contains("instead of a topic, an offset and an id", Assert.Throws<CorruptStateException>(() => PositionNote.Decode(Encoding.UTF8.GetBytes(value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_note_says_again_what_was_noted(bool isLast)
    {
        var next = new Dictionary<string, NotedPosition> { ["c"] = new(long.MaxValue, "x"), ["a.b"] = new(0, "y") };
        var read = PositionNote.Decode(new PositionNote(next, isLast).Encode());
        Assert.Equal((2, new(0, "y"), new(long.MaxValue, "x"), isLast), (read.Next.Count, read.Next["a.b"], read.Next["c"], read.IsLast));
    }

    static GroupPosition Committed(TopicPartition partition, long next) => new(partition, next, IsCommitted: true);

    GroupPositions Taken(params GroupPosition[] given) => Taken(exactlyOnce: true, given);

    GroupPositions Taken(bool exactlyOnce, params GroupPosition[] given)
    {
        var positions = new GroupPositions(new() { BootstrapServers = "", ApplicationId = "", InstanceId = "", Directory = "", ExactlyOnce = exactlyOnce }, time, "group", topic => "id-" + topic) { LeadTopic = Left.Topic };
        Array.ForEach(given, positions.Take);
        return positions;
    }

    IEnumerable<(string Name, string Value)> Notes() => commit.Metadata.Select(value => (value.Name, Encoding.UTF8.GetString(value.Value)));
}

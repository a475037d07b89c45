using System.Text;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class MemberTableTests
{
    const string Group = "app";

    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    readonly TestLog log = new();
    readonly MemberTable table;
    long offset;

    public MemberTableTests() => table = new("self", openedAt: 100, time, log);

    [Fact]
    public void Of_two_claims_of_one_partition_the_newer_counts_and_beats_do_not_renew_one()
    {
        Say("dead", 1, 0, 1);
        Say("self", 100, 1, 2);
        Say("dead", 1, 0, 1);

        Assert.Equal(["dead 0", "self 1,2"], Owners());
        Assert.Equal(["app-dead"], table.ClaimsOf(Group, new HashSet<int> { 1 }).Select(claim => claim.TransactionalId));
        Assert.Empty(table.ClaimsOf(Group, new HashSet<int> { 2 }));
        Assert.Empty(table.ClaimsOf("app-audit", new HashSet<int> { 1 }));
    }

    [Fact]
    public void What_was_given_up_is_claimed_by_nobody()
    {
        Say("other", 1, 0, 1);
        Say("other", 1, 0);

        Assert.Empty(table.ClaimsOf(Group, new HashSet<int> { 1 }));
        Assert.Equal(["other 0"], Owners());
    }

    [Fact]
    public void Who_was_not_heard_for_a_while_is_not_live_and_later_forgotten()
    {
        Say("other", 1, 0);
        Assert.True(Assert.Single(table.Members()).IsLive);

        time.Advance(MemberTable.SilentAfter);
        Assert.False(Assert.Single(table.Members()).IsLive);

        time.Advance(MemberTable.ForgottenAfter);
        Assert.Empty(table.Members());
    }

    [Fact]
    public void What_was_said_long_before_the_start_is_not_taken_for_life()
    {
        Say("other", 1, TimeSpan.FromSeconds(30), 0);

        Assert.False(Assert.Single(table.Members()).IsLive);
    }

    [Fact]
    public void Who_leaves_is_gone_at_once()
    {
        Say("other", 1, 0);
        Put("other", new MemberRecord(1, null, Left: true, []).Encode());

        Assert.Empty(table.Members());
    }

    [Fact]
    public void An_earlier_life_of_this_instance_is_somebody_else_and_a_later_one_is_told_of()
    {
        Say("self", 99, 3);
        Assert.Equal(["app-self"], table.ClaimsOf(Group, new HashSet<int> { 3 }).Select(claim => claim.TransactionalId));
        Assert.Empty(table.Members());
        Assert.Equal(0, log.Count(2208));

        Say("self", 101, 3);
        Say("self", 101, 3);
        Assert.Equal(1, log.Count(2208));
    }

    [Fact]
    public void What_cannot_be_read_is_told_and_leaves_the_others()
    {
        Say("other", 1, 0);
        Put("strange", "{\"Threads\":7}"u8.ToArray());

        Assert.Equal(1, log.Count(2209));
        Assert.Equal(["other 0"], Owners());
    }

    [Fact]
    public void Standbys_are_drawn_alike_everywhere_and_only_those_of_who_leaves_move()
    {
        string[] instances = ["a", "b", "c", "d"];
        foreach (var partition in Enumerable.Range(0, 64))
        {
            var task = new StandbyTask(Group, partition, [.. instances.Where(instance => instance != "a")], ["counts"]);
            var chosen = instances.Where(instance => StandbyCopies.IsChosen(instance, task, 1)).ToList();
            var without = task with { Candidates = [.. task.Candidates.Where(instance => instance != "d")] };
            var left = instances.Where(instance => StandbyCopies.IsChosen(instance, without, 1)).ToList();

            Assert.Single(chosen);
            Assert.Single(left);
            Assert.True(chosen[0] == "d" || left[0] == chosen[0], $"{partition}: {chosen[0]}, then {left[0]}");
            Assert.Equal(2, instances.Count(instance => StandbyCopies.IsChosen(instance, task, 2)));
        }
    }

    [Fact]
    public void Each_of_the_others_is_a_candidate_for_what_one_has_open()
    {
        Say("owner", 1, 0);
        Say("other", 1);

        var task = Assert.Single(table.OthersTasks());
        Assert.Equal(["other", "self"], task.Candidates.Order());
        Assert.Equal(["counts"], task.Stores);
    }

    void Say(string instance, long openedAt, params int[] partitions) => Say(instance, openedAt, TimeSpan.Zero, partitions);

    void Say(string instance, long openedAt, TimeSpan ago, params int[] partitions) => Put(
        instance, new MemberRecord(openedAt, null, Left: false, [new(Group, $"app-{instance}", partitions, new Dictionary<string, IReadOnlyList<int>> { ["counts"] = partitions })]).Encode(), ago);

    void Put(string instance, byte[] value, TimeSpan ago = default)
    {
        var batch = new RecordBatch();
        batch.Add((UtcInstant.Now(time) - ago).Microseconds / 1000, false, Encoding.UTF8.GetBytes(instance), false, value, default);
        table.Take(new("app-members", 0), offset++, batch);
    }

    List<string> Owners() => [.. table.Members().Select(member => $"{member.InstanceId} {string.Join(',', member.Owned.SelectMany(owned => owned.Partitions))}")];
}

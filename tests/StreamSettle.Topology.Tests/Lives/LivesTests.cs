using System.Runtime.CompilerServices;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>I1, I2, I6, I7, I10 and I12 over random lives, and that the state is the fold of the event log. A failure names the seed of the life.</summary>
public sealed class LivesTests
{
    const int Lives = 40;

    [Fact]
    public void Whatever_the_shop_does_orders_end_as_the_model_says() => Live(faults: false);

    [Fact]
    public void So_they_do_when_commits_are_aborted_and_the_process_restarts() => Live(faults: true);

    [Fact]
    public void Aborted_commits_change_nothing_that_is_told_or_sent()
    {
        using var first = new Life(4711, faults: true);
        first.Run();
        using var second = new Life(4711, faults: true);
        second.Run();
        Assert.Equal(first.Bench.Calls().Select(call => call.ToString()), second.Bench.Calls().Select(call => call.ToString()));
    }

    [Fact]
    public void So_they_do_on_a_log_with_gaps_markers_aborts_replaced_members_and_repeated_records() => Live(faults: true, hostile: true);

    static void Live(bool faults, bool hostile = false, [CallerMemberName] string caller = "") => Seeds.Each(
        Lives,
        seed =>
        {
            using var life = new Life(seed, faults, hostile);
            life.Run();
            LifeModel.Check(life);
            FoldCheck.Check(life.Bench);
        },
        caller);
}

using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Tallies;

/// <summary>What a clock task counts: orders by stage, and what happened to them so far.</summary>
static class ClockTally
{
    // The first numbers are the orders that stand at each stage now.
    const int Stages = (int)PendingStage.NotOurs + 1;
    const int HandedOverAt = Stages;
    const int CancelledAt = Stages + 1;

    public const int Size = Stages + 2;

    public static void Moved(Tally tally, PendingStage before, PendingStage after)
    {
        if (before == after)
        {
            return;
        }

        tally.Add((int)before, before == PendingStage.Unknown ? 0 : -1);
        tally.Add((int)after, after == PendingStage.Unknown ? 0 : 1);
        tally.Add(HandedOverAt, after == PendingStage.HandedOver ? 1 : 0);
        tally.Add(CancelledAt, after == PendingStage.Idle && before is PendingStage.Scheduled or PendingStage.Refused ? 1 : 0);
    }

    public static ClockTotals Total(IEnumerable<Tally> tallies)
    {
        var total = new ClockTotals(0, 0, 0, 0, 0, 0);
        foreach (var tally in tallies)
        {
            long known = 0;
            for (var stage = 0; stage < Stages; stage++)
            {
                known += tally[stage];
            }

            total = new(
                total.Known + known, total.Scheduled + tally[(int)PendingStage.Scheduled], total.HandedOver + tally[HandedOverAt],
                total.Cancelled + tally[CancelledAt], total.Refused + tally[(int)PendingStage.Refused], total.NotOurs + tally[(int)PendingStage.NotOurs]);
        }

        return total;
    }
}

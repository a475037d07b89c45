namespace StreamSettle.Delivery.Channels;

/// <summary>A task's calls by where they stand, for the status.</summary>
/// <param name="Open">Not over: waiting, under way, or waiting for their time.</param>
/// <param name="Timed">Lanes whose first call waits for its time.</param>
/// <param name="Unknown">May have happened, not yet found out.</param>
/// <param name="Invoices">Left out of confirmed calls, and to be sent.</param>
internal readonly record struct LaneCounts(int Open, int Timed, int Unknown, int DeadLetters, int Invoices)
{
    internal static LaneCounts Sum(IReadOnlyList<ChannelMember> members)
    {
        var sum = default(LaneCounts);
        foreach (var (open, timed, unknown, dead, invoices) in members.Select(member => member.Counts))
        {
            sum = new(sum.Open + open, sum.Timed + timed, sum.Unknown + unknown, sum.DeadLetters + dead, sum.Invoices + invoices);
        }

        return sum;
    }
}

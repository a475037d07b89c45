using System.Collections.Immutable;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Topology.Payouts;

namespace StreamSettle.Topology.Settle;

/// <summary>A refund after the calculation, on its way through its own legs.</summary>
/// <param name="N">1, 2, ... per order.</param>
/// <param name="Refunded">The cumulative refund that asked for it, minor units.</param>
/// <param name="Amount">The increase that it takes back, minor units.</param>
/// <param name="DueAt">Commit time of the refund in the source.</param>
public sealed record Reversal(int N, long Refunded, long Amount, UtcInstant DueAt)
{
    /// <summary>What it takes from whom; null until it starts.</summary>
    public ImmutableArray<ReversalLine>? Lines { get; init; }

    public LegStates Legs { get; init; }

    public bool Completed { get; init; }

    /// <summary>What it takes from a party, minor units.</summary>
    public long AmountOf(string party)
    {
        foreach (var line in Lines ?? [])
        {
            if (line.Party == party)
            {
                return line.Amount;
            }
        }

        return 0;
    }
}

/// <summary>A refund that was refused.</summary>
/// <param name="N">The number that its reversal would have had.</param>
/// <param name="Refunded">As the source has it.</param>
/// <param name="DueAt">Its commit time in the source.</param>
/// <param name="Open">It waits for a person; false once discarded.</param>
public sealed record RefusedRefund(int N, string Reason, DecimalAmount Refunded, UtcInstant DueAt, bool Open);

/// <summary>An order from its calculation on, without what is written once (<see cref="Division"/>): from here only reversals move money.</summary>
public sealed record SettledOrder
{
    public required Currency Currency { get; init; }

    /// <summary>Minor units; no refund is beyond it.</summary>
    public required long Gross { get; init; }

    /// <summary>The greatest refund that was settled or asked to be reversed, cumulative minor units.</summary>
    public required long Refunded { get; init; }

    public required Lane Lane { get; init; }

    /// <summary>The merchant was a key account at the calculation; false where a release recorded it that did not say what it rested on.</summary>
    public bool KeyAccount { get; init; }

    public required UtcInstant CompletedAt { get; init; }

    public required LegStates Legs { get; init; }

    /// <summary>How the split is paid out, as agreed at the calculation; null where nothing delays it.</summary>
    public AgreedPayout? Payout { get; init; }

    /// <summary>What the split waits for; there exactly while it stands at <see cref="LegState.Deferred"/>.</summary>
    public DeferredPayout? Deferred { get; init; }

    public bool Completed { get; init; }

    public ImmutableArray<Reversal> Reversals { get; init; } = [];

    public RefusedRefund? Refused { get; init; }

    /// <summary>The legs whose calls were undone by their systems at least once; none of most orders.</summary>
    public ImmutableArray<ReturnedLeg> Returned { get; init; } = [];

    /// <summary>Every leg of the settlement and its reversals is confirmed or discarded, and no refund waits for a person.</summary>
    public bool IsFinished => Completed && Legs.AllDone && Reversals.All(reversal => reversal is { Completed: true, Legs.AllDone: true }) && Refused is not { Open: true };

    /// <summary>The reversal whose turn it is and that has not started yet; null for none.</summary>
    /// <remarks>What was completed and undone again keeps it waiting as any dead letter does.</remarks>
    public Reversal? ToStart => Completed && Legs.AllDone && Reversals.FirstOrDefault(reversal => reversal is not { Completed: true, Legs.AllDone: true }) is { Lines: null } next ? next : null;

    /// <summary>The legs of the settlement (<paramref name="n"/> = 0) or of a reversal; none of a reversal that is not known.</summary>
    public LegStates LegsOf(int n) => n == 0 ? Legs : n <= Reversals.Length ? Reversals[n - 1].Legs : default;

    /// <summary>The key that a leg's call goes by now.</summary>
    public CallKey KeyOf(OrderId order, Leg leg, int n) => new(order, leg, n, ReturnedOf(leg, n)?.Returns ?? 0);

    /// <summary>Null where the leg's call was never undone.</summary>
    public ReturnedLeg? ReturnedOf(Leg leg, int n)
    {
        foreach (var returned in Returned)
        {
            if (returned.N == n && returned.Leg == leg)
            {
                return returned;
            }
        }

        return null;
    }

    /// <summary>How much of a party's line was taken back, minor units (I7).</summary>
    public long ReversedOf(string party)
    {
        long sum = 0;
        foreach (var reversal in Reversals)
        {
            sum += reversal.AmountOf(party);
        }

        return sum;
    }
}

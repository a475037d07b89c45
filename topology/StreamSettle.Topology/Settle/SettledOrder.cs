using System.Collections.Immutable;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Settle;

/// <summary>A line of a settlement: what a party got, and how much of it was taken back.</summary>
/// <param name="Party">As contract and events write it.</param>
/// <param name="PartyId">The promoter's id for commissions, else 0.</param>
/// <param name="Level">The promoter's place in the chain, else 0.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Reversed">Minor units, at most <paramref name="Amount"/> (I7).</param>
public sealed record SettledLine(string Party, Leg Leg, long PartyId, int Level, long Amount, long Reversed);

/// <summary>A refund after the calculation, on its way through its own legs.</summary>
/// <param name="N">1, 2, ... per order.</param>
/// <param name="Refunded">The cumulative refund that asked for it, minor units.</param>
/// <param name="Amount">The increase that it takes back.</param>
/// <param name="CommittedAt">Commit time of the refund in the source: its <c>dueAt</c>.</param>
/// <param name="Amounts">A share a line of the settlement; empty until it starts.</param>
public sealed record Reversal(int N, long Refunded, long Amount, UtcInstant CommittedAt, ImmutableArray<long> Amounts, LegStates Legs, bool Completed)
{
    public bool Started => !Amounts.IsEmpty;
}

/// <summary>A refund that was refused.</summary>
/// <param name="N">The number that its reversal would have had.</param>
/// <param name="Open">It waits for a person; false once discarded.</param>
public sealed record RefusedRefund(int N, DecimalAmount Refunded, UtcInstant CommittedAt, bool Open);

/// <summary>An order from its calculation on: from here only reversals move money.</summary>
public sealed record SettledOrder
{
    public required Currency Currency { get; init; }

    public required long Gross { get; init; }

    public required long Net { get; init; }

    public required string RuleVersion { get; init; }

    public required Lane Lane { get; init; }

    public required UtcInstant CompletedAt { get; init; }

    public required string BuyerCountry { get; init; }

    /// <summary>The column's JSON text; empty for none.</summary>
    public required ImmutableArray<byte> Invoice { get; init; }

    public required ImmutableArray<SettledLine> Lines { get; init; }

    public required LegStates Legs { get; init; }

    public bool Completed { get; init; }

    /// <summary>The greatest refund that was settled or asked to be reversed, cumulative minor units.</summary>
    public required long Refunded { get; init; }

    public ImmutableArray<Reversal> Reversals { get; init; } = [];

    public RefusedRefund? Refused { get; init; }

    /// <summary>Every leg of the settlement and its reversals is confirmed or discarded, and no refund waits for a person.</summary>
    public bool IsFinished => Completed && Reversals.All(reversal => reversal.Completed) && Refused is not { Open: true };
}

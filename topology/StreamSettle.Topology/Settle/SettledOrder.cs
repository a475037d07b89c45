using System.Collections.Immutable;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Settle;

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
    /// <summary>What the calculation gave; read from its store when it is first asked for, because most results of calls need nothing of it.</summary>
    public required Lazy<Division> Division { get; init; }

    public required Lane Lane { get; init; }

    public required UtcInstant CompletedAt { get; init; }

    public required LegStates Legs { get; init; }

    public bool Completed { get; init; }

    /// <summary>The greatest refund that was settled or asked to be reversed, cumulative minor units.</summary>
    public required long Refunded { get; init; }

    public ImmutableArray<Reversal> Reversals { get; init; } = [];

    public RefusedRefund? Refused { get; init; }

    /// <summary>Every leg of the settlement and its reversals is confirmed or discarded, and no refund waits for a person.</summary>
    public bool IsFinished => Completed && Reversals.All(reversal => reversal.Completed) && Refused is not { Open: true };

    /// <summary>What reversals have taken back of a line, minor units, at most its amount (I7).</summary>
    public long Reversed(int line) => Reversals.Where(reversal => reversal.Started).Sum(reversal => reversal.Amounts[line]);
}

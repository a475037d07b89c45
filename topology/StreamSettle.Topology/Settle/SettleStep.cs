using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>A call that may be sent now.</summary>
public readonly record struct CallToSend(Leg Leg, int N);

/// <summary>A calculation's dead letter that appears, or disappears with a null reason.</summary>
public readonly record struct RefusalChange(CallKey Key, string? Reason);

/// <summary>What a decision gives: the state after it, the facts, the calls that may go, and changes of the list of dead letters. Everything in order.</summary>
public sealed record SettleStep(SettlementState State)
{
    /// <summary>Facts in the order in which they are established.</summary>
    public List<SettlementEvent> Events { get; } = [];

    public List<CallToSend> Calls { get; } = [];

    public List<RefusalChange> Refusals { get; } = [];

    public SettlementState State { get; private set; } = State;

    /// <summary>The settled part; only where the order is calculated.</summary>
    public SettledOrder Settled => State.Settled!;

    /// <summary>How its money was divided.</summary>
    public Division Division => Settled.Division.Value;

    public void Become(SettlementState state) => State = state;

    public void Become(SettledOrder settled) => State = State with { Settled = settled };

    public void Tell(SettlementEvent happened) => Events.Add(happened);
}

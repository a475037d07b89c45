using System.Collections.Immutable;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>An order as the store <c>settlements</c> has it: what its facts say, and the bookkeeping beside them. Small: what is written once is in <see cref="Division"/>.</summary>
public sealed record KeptSettlement(OrderId Order, SettlementState State, SettleBookkeeping Books)
{
    /// <summary>Nothing is to come of it by itself, and nothing of it waits for a person.</summary>
    public bool IsFinished => Books is { Doubts.IsEmpty: true, Refund: null } && State.IsFinished;

    /// <summary>The same order after something was decided before its calculation, by a row or a person.</summary>
    /// <param name="row">The last known one.</param>
    public KeptSettlement After(SettlementState state, string cause, ImmutableArray<byte> row, SettlementSettings settings, UtcInstant now)
    {
        var isNews = !ReferenceEquals(state, State);
        var waits = state is { Settled: null, Stage: PendingStage.Scheduled or PendingStage.Refused };
        return this with
        {
            State = state,
            Books = Books with
            {
                Cause = cause,
                InTime = Books.InTime && !isNews,
                IndexedAt = isNews ? LookAt(state, settings, now) : Books.IndexedAt,
                Row = waits ? row : [],
            },
        };
    }

    /// <summary>A dead letter waits for a person, however long.</summary>
    static UtcInstant? LookAt(SettlementState state, SettlementSettings settings, UtcInstant now) => state switch
    {
        { Settled: null, Stage: PendingStage.Scheduled } => state.DueAt,
        { Settled: null, Stage: PendingStage.Refused } => null,
        _ => settings.KeptUntil(state.DueAt, now),
    };
}

using System.Collections.Immutable;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>An order as the store <c>settlements</c> has it: what its facts say, and the bookkeeping beside them. Small: what is written once is in <see cref="Division"/>.</summary>
public sealed record KeptSettlement(OrderId Order, SettlementState State, SettleBookkeeping Books)
{
    /// <summary>
    /// Nothing is to come of it by itself, and nothing of it waits for a person. One that is told to be held is not: it has to be told what becomes of that, and a hold is
    /// told of an order once.
    /// </summary>
    public bool IsFinished => Books is { Order.Doubts.IsEmpty: true, Refund: null } && State is { IsFinished: true, Held.IsEmpty: true };

    /// <summary>The same order after something was decided before its calculation, by a row or a person.</summary>
    /// <param name="row">The last known one.</param>
    public KeptSettlement After(SettlementState state, string cause, ImmutableArray<byte> row, SettlementSettings settings, UtcInstant now)
    {
        var stage = state.Settled is null ? state.Pending.Stage : PendingStage.HandedOver;
        return this with
        {
            State = state,
            Books = Books with
            {
                Order = Books.Order.After(stage, state.DueAt, isNews: !ReferenceEquals(state, State), now, settings),
                Cause = cause,
                Row = state is { Settled: null, Pending.IsWaiting: true } ? row : [],
            },
        };
    }

    /// <summary>The same order, waiting elsewhere; null is nowhere.</summary>
    public KeptSettlement At(UtcInstant? indexedAt) => this with { Books = Books with { Order = Books.Order with { IndexedAt = indexedAt } } };
}

using System.Collections.Immutable;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Settlement.Refunds;

namespace StreamSettle.Topology.Settle;

/// <summary>Moves a calculated order on as far as its legs allow: sends what may go, lets fall what never can, completes, and starts the next reversal. Pure.</summary>
static class LegProgress
{
    /// <param name="by">Who discarded a leg, if that is what moves the order: the legs that fall with it are discarded by the same.</param>
    public static void Advance(SettleStep step, string cause, string recordedAt, string by = "")
    {
        AdvanceSettlement(step, cause, recordedAt, by);
        for (var i = 0; i < step.Settled.Reversals.Length && step.Settled.Completed; i++)
        {
            if (!step.Settled.Reversals[i].Started)
            {
                Start(step, i, cause, recordedAt);
            }

            AdvanceReversal(step, i, cause, recordedAt);
            if (!step.Settled.Reversals[i].Completed)
            {
                return;
            }
        }
    }

    static void AdvanceSettlement(SettleStep step, string cause, string recordedAt, string by)
    {
        foreach (var leg in LegStates.All)
        {
            var legs = step.Settled.Legs;
            if (LegOrder.MayGo(legs, leg))
            {
                step.Become(step.Settled with { Legs = legs.With(leg, LegState.Sent) });
                step.Calls.Add(new(leg, 0));
            }
            else if (LegOrder.Falls(legs, leg))
            {
                step.Become(step.Settled with { Legs = legs.With(leg, LegState.Discarded) });
                step.Tell(new DeliveryDiscarded(
                    $"{cause}:{leg.Name()}", recordedAt, new CallKey(step.State.Order, leg, 0).ToString(), leg.Name(), 0, 0, by));
            }
        }

        if (!step.Settled.Completed && step.Settled.Legs.AllDone)
        {
            step.Become(step.Settled with { Completed = true });
            step.Tell(new SettlementCompleted(cause, recordedAt, Discarded(step.Settled.Legs)));
        }
    }

    static void AdvanceReversal(SettleStep step, int index, string cause, string recordedAt)
    {
        var n = step.Settled.Reversals[index].N;
        foreach (var leg in LegStates.All)
        {
            var legs = step.Settled.Reversals[index].Legs;
            if (LegOrder.MayGoBack(legs, leg))
            {
                Become(step, index, step.Settled.Reversals[index] with { Legs = legs.With(leg, LegState.Sent) });
                step.Calls.Add(new(leg, n));
            }
        }

        var reversal = step.Settled.Reversals[index];
        if (!reversal.Completed && reversal.Legs.AllDone)
        {
            Become(step, index, reversal with { Completed = true });
            step.Tell(new ReversalCompleted($"{cause}:{n}", recordedAt, n));
        }
    }

    /// <summary>Shares the refund over what the lines hold now; a discarded leg's lines hold nothing (I7).</summary>
    static void Start(SettleStep step, int index, string cause, string recordedAt)
    {
        var (settled, lines) = (step.Settled, step.Division.Lines);
        var reversal = settled.Reversals[index];
        Span<long> held = lines.Length <= 64 ? stackalloc long[lines.Length] : new long[lines.Length];
        for (var i = 0; i < held.Length; i++)
        {
            held[i] = settled.Legs[lines[i].Leg] == LegState.Discarded ? 0 : lines[i].Amount - settled.Reversed(i);
        }

        var parts = new long[held.Length];
        Reversals.Share(reversal.Amount, held, parts);
        Become(step, index, reversal with { Amounts = [.. parts], Legs = LegsOf(lines, parts) });
        step.Tell(new ReversalCalculated(
            $"{cause}:{reversal.N}", recordedAt, reversal.N,
            [.. lines.Select((line, i) => new ReversalLine(line.Party, parts[i])).Where(line => line.Amount > 0)]));
    }

    static LegStates LegsOf(ImmutableArray<SettledLine> lines, long[] parts)
    {
        var legs = default(LegStates);
        for (var i = 0; i < lines.Length; i++)
        {
            legs = parts[i] > 0 ? legs.With(lines[i].Leg, LegState.Waiting) : legs;
        }

        return legs;
    }

    static void Become(SettleStep step, int index, Reversal reversal) =>
        step.Become(step.Settled with { Reversals = step.Settled.Reversals.SetItem(index, reversal) });

    static List<string> Discarded(LegStates legs)
    {
        List<string> names = [];
        foreach (var leg in LegStates.All)
        {
            if (legs[leg] == LegState.Discarded)
            {
                names.Add(leg.Name());
            }
        }

        return names;
    }
}

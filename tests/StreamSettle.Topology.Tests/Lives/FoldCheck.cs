using StreamSettle.Kernel.Bytes;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>
/// What the stores of clock and settle hold of an order is the fold of what the event log holds of it, whatever happened in between; and no call was sent and
/// no dead letter waits that the fold does not know.
/// </summary>
static class FoldCheck
{
    /// <param name="again">Orders may have been forgotten and seen again.</param>
    /// <returns>How many orders settle has.</returns>
    public static int Check(TestBench bench, bool again = false)
    {
        var settled = Stores(bench, again);
        CheckCalls(bench);
        return settled;
    }

    /// <summary>The same but for calls: those of before a rebuild of the state were sent by nobody who is there.</summary>
    public static int Stores(TestBench bench, bool again = false)
    {
        var settled = CheckSettle(bench);
        Assert.Equal(settled.Order(), CheckClock(bench, again).Order());
        CheckDeadLetters(bench);
        return settled.Count;
    }

    /// <returns>The orders that settle has.</returns>
    static List<long> CheckSettle(TestBench bench)
    {
        List<long> orders = [];
        for (var partition = 0; partition < bench.Partitions; partition++)
        {
            using var scan = bench.Driver.Store(StoreNames.Settlements, partition).Scan([], []);
            while (scan.MoveNext())
            {
                var order = OrderKey.Read(scan.Key);
                var kept = KeptSettlementCodec.Read(order, scan.Value);
                var facts = bench.Events(order.Value);
                Assert.Equal(Text(SettlementFold.Of(SettlementState.Unknown, facts)), Text(kept.State));
                Assert.Equal(bench.HeldBy(order.Value), kept.State.Held);
                CheckHeld(bench, kept);
                CheckNotHeld(bench, order, facts.OfType<SettlementCalculated>().SingleOrDefault());
                CheckDivision(bench, partition, order, facts.OfType<SettlementCalculated>().SingleOrDefault());
                orders.Add(order.Value);
            }
        }

        return orders;
    }

    /// <returns>The orders that the clock has handed over.</returns>
    static List<long> CheckClock(TestBench bench, bool again)
    {
        List<long> handedOver = [];
        for (var partition = 0; partition < bench.Partitions; partition++)
        {
            using var scan = bench.Driver.Store(StoreNames.OpenOrders, partition).Scan([], []);
            while (scan.MoveNext())
            {
                var id = OrderKey.Read(scan.Key).Value;
                var order = OpenOrder.Read(scan.Value);
                if (order.Stage == PendingStage.HandedOver)
                {
                    handedOver.Add(id);
                }

                CheckClock(order, FoldOf(bench, id), again);
            }
        }

        return handedOver;
    }

    /// <summary>The clock's state is the fold of the facts, its three stages apart of which none tells. Of an order that settle has, the log has what settle recorded as well.</summary>
    /// <param name="again">It may be one that was forgotten and is seen again: the log has the facts of its first life as well.</param>
    static void CheckClock(in OpenOrder order, SettlementState folded, bool again)
    {
        var (kept, known) = (order.State, folded.Pending);
        if (order.Stage == PendingStage.HandedOver)
        {
            Assert.Equal((kept.Merchant, true), (known.Merchant, kept.DueRecorded));
            return;
        }

        if (order.Stage is PendingStage.Unknown or PendingStage.Idle or PendingStage.NotOurs)
        {
            Assert.True(again || !known.IsWaiting, $"{kept}, but the facts say {folded}");
            known = known with { Stage = kept.Stage, Refusal = null };
        }

        if (again)
        {
            // Nothing was scheduled since it is seen again, or it was and its mark has not passed since.
            var isScheduledSince = kept is not { DueAt.Microseconds: 0, Merchant.Value: 0 };
            known = isScheduledSince ? known with { DueRecorded = false } : kept with { Stage = known.Stage, Refusal = known.Refusal };
        }

        Assert.Equal(known, kept);
    }

    static SettlementState FoldOf(TestBench bench, long order) => SettlementFold.Of(SettlementState.Unknown, bench.Events(order));

    static void CheckDeadLetters(TestBench bench)
    {
        List<string> told = [];
        foreach (var order in bench.Facts.Orders)
        {
            var state = FoldOf(bench, order);
            if (state.Pending.Stage == PendingStage.Refused)
            {
                told.Add($"{order}:calculation:0");
            }

            if (state.Settled is { } settled)
            {
                told.AddRange(settled.Returned.Where(leg => settled.LegsOf(leg.N)[leg.Leg] == LegState.Returned).Select(leg => settled.KeyOf(new(order), leg.Leg, leg.N).ToString()));
            }

            if (state.Settled?.Refused is { Open: true, N: var n })
            {
                told.Add($"{order}:calculation:{n}");
            }
        }

        var waiting = bench.DeadLetters().Where(letter => letter.Stage == Leg.Calculation.Name() || letter.Reason.StartsWith(ReturnedCalls.Prefix, StringComparison.Ordinal)).Select(letter => letter.Id);
        Assert.Equal(told.Order(StringComparer.Ordinal), waiting.Order(StringComparer.Ordinal));
    }

    static void CheckCalls(TestBench bench)
    {
        var sent = bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).Select(call => call.Text).ToHashSet();
        foreach (var order in bench.Facts.Orders)
        {
            var settled = FoldOf(bench, order).Settled;
            for (var n = 0; n <= (settled?.Reversals.Length ?? -1); n++)
            {
                foreach (var leg in LegStates.All)
                {
                    var state = settled!.LegsOf(n)[leg];
                    var isSent = true;
                    for (var returns = 0; returns <= (settled.ReturnedOf(leg, n)?.Returns ?? 0); returns++)
                    {
                        isSent &= sent.Remove(new CallKey(new(order), leg, n, returns).ToString());
                    }

                    // One that was discarded may have been sent before, or fell with another.
                    Assert.Equal(state == LegState.Discarded ? isSent : state is not (LegState.None or LegState.Waiting or LegState.Deferred), isSent);
                }
            }
        }

        Assert.Empty(sent);
    }

    static void CheckDivision(TestBench bench, int partition, OrderId order, SettlementCalculated? calculated)
    {
        var key = new byte[OrderKey.Size];
        OrderKey.Write(order, key);
        Assert.Equal(calculated is not null, bench.Driver.Store(StoreNames.Divisions, partition).TryGet(key, out var value));
        if (calculated is not null)
        {
            var kept = DivisionCodec.Read(value);
            Assert.Equal(Text(Division.Of(calculated, kept.Invoice.AsSpan())), Text(kept));
        }
    }

    /// <summary>No order was divided while it was held.</summary>
    static void CheckNotHeld(TestBench bench, OrderId order, SettlementCalculated? calculated)
    {
        if (calculated is null)
        {
            return;
        }

        var at = UtcInstant.Parse(calculated.RecordedAt);
        HoldScope[] reaching = [HoldScope.Everything, HoldScope.Of(order), HoldScope.Of(new MerchantId(calculated.MerchantId))];
        Assert.DoesNotContain(bench.Holds.Current.All, hold => reaching.Contains(hold.Scope) && hold.Since < at && (hold.OverAt(bench.Now) is not { } over || at < over));
    }

    /// <summary>What is told to hold an order does.</summary>
    static void CheckHeld(TestBench bench, KeptSettlement kept)
    {
        foreach (var text in kept.State.Held)
        {
            Assert.True(HoldScope.TryParse(text, out var scope));
            Assert.NotNull(bench.Holds.Current.On(scope, bench.Now - bench.Settings.PunctuationInterval));
        }
    }

    static string Text(SettlementState state) => Text(to => SettlementCodec.Write(to, state), state.ToString());

    static string Text(Division division) => Text(to => DivisionCodec.Write(to, division), division.ToString());

    /// <summary>The bytes decide; the text is for whoever reads a failure.</summary>
    static string Text(Action<ByteWriter> write, string text)
    {
        var buffer = new ByteBuffer();
        write(new(buffer));
        return $"{Convert.ToHexString(buffer.Written)} {text}";
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>I2, I3, I6, I7 and I12 where changes cannot be read and orders are forgotten: nothing is paid twice, and nothing by what may not be the last word. A failure names the seed.</summary>
public sealed class HardLifeTests
{
    const int Lives = 30;

    [Fact]
    public void Nothing_is_paid_twice_or_by_an_old_row_whatever_cannot_be_read() => Live(faults: false);

    [Fact]
    public void Nor_is_it_when_commits_are_aborted_and_the_process_restarts() => Live(faults: true);

    [Fact]
    public void Nor_is_it_when_each_process_writes_another_form() => Live(faults: true, mixed: true);

    static void Live(bool faults, bool mixed = false, [CallerMemberName] string caller = "") => Seeds.Each(
        Lives,
        seed =>
        {
            using var messages = new LocalMessages();
            var processes = seed;
            using var life = new HardLife(seed, faults, mixed ? () => messages.Formats(writesAvro: ++processes % 2 == 0) : null);
            life.Run();
            foreach (var order in life.Model.Skip(1))
            {
                Check(life, order);
            }

            CheckCalls(life);
            FoldCheck.Check(life.Bench, life.Forgets);
            CheckMemory(life);
            FoldCheck.Check(life.Bench, life.Forgets);
        },
        caller);

    static void Check(HardLife life, HardOrder order)
    {
        var facts = life.Bench.Events(order.Id);
        Assert.True(facts.OfType<SettlementCalculated>().Count() <= 1, $"I3: order {order.Id} is settled twice");
        if (facts.OfType<SettlementCalculated>().SingleOrDefault() is { } calculated)
        {
            CheckSettled(order, facts, calculated);
            return;
        }

        var letter = life.Bench.DeadLetter($"{order.Id}:calculation:0");
        if (order.Counting is not { Status: OrderStatus.Completed } row)
        {
            Assert.Null(letter);
        }
        else if (row.Currency == "XXX")
        {
            Assert.Equal("unknown_currency", letter?.Reason);
        }
        else
        {
            Assert.Fail($"I2: order {order.Id} is completed and good, but is not settled: {letter?.Reason}, {string.Join(", ", life.Bench.Told(order.Id))}");
        }
    }

    static void CheckSettled(HardOrder order, IReadOnlyList<SettlementEvent> facts, SettlementCalculated calculated)
    {
        Assert.False(order.CalculatedInDoubt, $"order {order.Id} was settled although a later change could not be read");
        Assert.Equal(OrderStatus.Completed, order.CalculatedFrom?.Status);
        Assert.Equal((Minor(order.CalculatedFrom!.Gross), Minor(order.CalculatedFrom.Refunded)), (calculated.Gross, calculated.Refunded));
        Assert.True(UtcInstant.Parse(calculated.RecordedAt) >= order.CalculatedFrom.CompletedAt!.Value + TestBench.Day, "I6: early");
        Assert.Single(facts.OfType<SettlementCompleted>());

        var expected = new List<long>();
        foreach (var later in order.LaterRefunds.Select(Minor))
        {
            if (later > Math.Max(calculated.Refunded, expected.LastOrDefault()) && later <= calculated.Gross)
            {
                expected.Add(later);
            }
        }

        Assert.Equal(expected, facts.OfType<ReversalRequested>().Select(requested => requested.Refunded));
        Assert.Equal(expected.Count, facts.OfType<ReversalCompleted>().Count());
    }

    static void CheckCalls(HardLife life)
    {
        foreach (var call in life.Bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).GroupBy(call => call.Text))
        {
            Assert.Single(call);
            Assert.Single(life.Bench.Events(call.First().Key.Order.Value).OfType<DeliveryConfirmed>(), confirmed => confirmed.Key == call.Key);
        }
    }

    /// <summary>Long after the retention nothing is left but what waits for a person, and of what was forgotten delivery was told to forget every call.</summary>
    static void CheckMemory(HardLife life)
    {
        if (!life.Forgets)
        {
            return;
        }

        life.Bench.Advance(3 * life.Retention + TestBench.Day);
        var waiting = life.Bench.DeadLetters().Select(letter => letter.OrderId!.Value).ToHashSet();
        var calls = life.Bench.Calls().ToLookup(call => call.Key.Order.Value);
        foreach (var order in life.Model.Skip(1))
        {
            Assert.Equal(waiting.Contains(order.Id), life.IsKnown(order.Id));
            Assert.Equal(
                calls[order.Id].Where(call => call.Kind == DeliveryCommandKind.Send).Select(call => call.Text).Order(StringComparer.Ordinal),
                calls[order.Id].Where(call => call.Kind == DeliveryCommandKind.Forget).Select(call => call.Text).Order(StringComparer.Ordinal));
        }

        for (var partition = 0; partition < life.Bench.Partitions; partition++)
        {
            using var left = life.Bench.Driver.Store(StoreNames.Settlements, partition).Scan([], []);
            while (left.MoveNext())
            {
                Assert.Contains(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(left.Key), waiting);
            }
        }
    }

    static long Minor(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * 100);
}

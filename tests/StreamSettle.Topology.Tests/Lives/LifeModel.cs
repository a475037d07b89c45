using System.Globalization;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>What must have become of an order, said again and simply, from what the source said.</summary>
static class LifeModel
{
    public static void Check(Life life)
    {
        for (var id = 1; id <= Life.Orders; id++)
        {
            var facts = life.Bench.Events(id);
            if (facts.OfType<SettlementCalculated>().SingleOrDefault() is { } calculated)
            {
                CheckSettled(life, id, facts, calculated);
            }
            else
            {
                CheckUnsettled(life, id, facts);
            }
        }

        CheckCalls(life);
    }

    static void CheckSettled(Life life, long id, IReadOnlyList<SettlementEvent> facts, SettlementCalculated calculated)
    {
        var row = life.News[id].Last(news => !news.AfterCalculation).Row!;
        Assert.Equal(OrderStatus.Completed, row.Status);
        Assert.Equal((Minor(row.Gross), Minor(row.Refunded)), (calculated.Gross, calculated.Refunded));
        Assert.Equal(calculated.Net, calculated.Lines.Sum(line => line.Amount));
        var due = row.CompletedAt!.Value + TestBench.Day;
        Assert.Equal(due.ToString(), facts.OfType<SettlementDue>().Last().DueAt);
        Assert.True(UtcInstant.Parse(calculated.RecordedAt) >= due, "I6: early");
        Assert.Single(facts.OfType<SettlementCompleted>());

        var expected = new List<long>();
        var greatest = calculated.Refunded;
        foreach (var later in life.News[id].Where(news => news is { AfterCalculation: true, Row: not null }).Select(news => Minor(news.Row!.Refunded)))
        {
            if (later > greatest && later <= calculated.Gross)
            {
                greatest = later;
                expected.Add(later);
            }
        }

        Assert.Equal(expected, facts.OfType<ReversalRequested>().Select(requested => requested.Refunded));
        Assert.Equal(Enumerable.Range(1, expected.Count), facts.OfType<ReversalCompleted>().Select(completed => completed.N));
        Assert.Equal(greatest - calculated.Refunded, facts.OfType<ReversalCalculated>().SelectMany(reversal => reversal.Lines).Sum(line => line.Amount));
        foreach (var line in facts.OfType<ReversalCalculated>().SelectMany(reversal => reversal.Lines).GroupBy(line => line.Party))
        {
            Assert.True(line.Sum(part => part.Amount) <= calculated.Lines.Single(settled => settled.Party == line.Key).Amount, $"I7: {line.Key}");
        }
    }

    static void CheckUnsettled(Life life, long id, IReadOnlyList<SettlementEvent> facts)
    {
        Assert.DoesNotContain(facts, happened => happened is ReversalRequested or SettlementCompleted or DeliveryConfirmed);
        var letter = life.Bench.DeadLetter($"{id}:calculation:0");
        if (life.News[id].LastOrDefault().Row is not { Status: OrderStatus.Completed } row)
        {
            Assert.Null(letter);
            Assert.True(facts.Count == 0 || LastOf(facts) is SettlementCancelled, "I2: taken back, but not cancelled");
        }
        else if (row.Currency == "XXX" || Minor(row.Refunded) > Minor(row.Gross))
        {
            Assert.Equal(row.Currency == "XXX" ? "unknown_currency" : "bad_amount", letter?.Reason);
        }
        else
        {
            Assert.Equal(Minor(row.Gross), Minor(row.Refunded));
            Assert.Equal("nothing_to_settle", Assert.IsType<SettlementCancelled>(LastOf(facts)).Reason);
        }
    }

    static void CheckCalls(Life life)
    {
        foreach (var call in life.Bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).GroupBy(call => call.Text))
        {
            Assert.Single(call);
            var facts = life.Bench.Events(call.First().Key.Order.Value);
            Assert.Single(facts.OfType<DeliveryConfirmed>(), confirmed => confirmed.Key == call.Key);
        }

        foreach (var id in life.Bench.Facts.Orders)
        {
            var confirmed = life.Bench.Events(id).OfType<DeliveryConfirmed>().Count();
            Assert.Equal(life.Bench.Sent(id).Length, confirmed);
        }
    }

    /// <summary>Whether it was held says nothing of what became of it.</summary>
    static SettlementEvent? LastOf(IReadOnlyList<SettlementEvent> facts) => facts.LastOrDefault(happened => happened is not (SettlementHeld or SettlementReleased));

    static long Minor(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * 100);
}

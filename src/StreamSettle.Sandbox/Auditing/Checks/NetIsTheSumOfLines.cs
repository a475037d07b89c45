using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I1: in the events, and in what the systems were told, line by line.</summary>
internal sealed class NetIsTheSumOfLines : IAuditCheck
{
    public string Invariant => "I1";

    public string Title => "net is the sum of all lines, in events and effects";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        foreach (var history in world.Histories.Values.Where(history => history.Calculated is not null))
        {
            findings.Checked();
            var calculated = history.Calculated!;
            findings.Require(history.Calculations == 1, () => $"order {history.Id} was calculated {history.Calculations} times");
            findings.Require(calculated.Net == calculated.Gross - calculated.Refunded, () => $"order {history.Id}: net {calculated.Net} is not gross {calculated.Gross} less refunded {calculated.Refunded}");
            findings.Require(LegLines.Sum(calculated.Lines) == calculated.Net, () => $"order {history.Id}: the lines sum to {LegLines.Sum(calculated.Lines)}, net is {calculated.Net}");
            findings.Require(calculated.Lines.All(line => line.Amount >= 0), () => $"order {history.Id}: a line is negative");
            Source(world, history, calculated, findings);
            Verification(world, history, calculated, findings);
            Effects(world, history, 0, calculated.Lines, findings);
            foreach (var reversal in history.Reversals.Where(reversal => reversal.Calculated.Count > 0))
            {
                Reversal(history, reversal, findings);
                Effects(world, history, reversal.N, reversal.Calculated[0].Lines, findings);
            }
        }
    }

    /// <summary>Against the row, where it is the one that the calculation had to rest on.</summary>
    static void Source(AuditContext world, OrderHistory history, LoggedEvent calculated, FindingBuilder findings)
    {
        if (world.Orders.TryGetValue(history.Id, out var order) && world.HadToBeKnown(order, calculated))
        {
            findings.Require(
                (order.Minor(order.Gross), order.Minor(order.Refunded), order.Currency, order.MerchantId) == (calculated.Gross, calculated.Refunded, calculated.Currency, calculated.MerchantId),
                () => $"order {history.Id}: calculated was {calculated.Gross} less {calculated.Refunded} {calculated.Currency} of merchant {calculated.MerchantId}, the row says {order.Gross} less {order.Refunded} {order.Currency} of merchant {order.MerchantId} since {order.UpdatedAt}; calculated at {calculated.RecordedAt}");
        }
    }

    static void Verification(AuditContext world, OrderHistory history, LoggedEvent calculated, FindingBuilder findings)
    {
        if (world.Call(history, Leg.Verification, 0) is { } verification)
        {
            Expect(
                world, history, findings,
                verification.Amount == calculated.Net && verification.Currency == calculated.Currency && verification.MerchantId == calculated.MerchantId,
                () => $"order {history.Id}: verified were {verification.Amount} {verification.Currency} of merchant {verification.MerchantId}, calculated {calculated.Net} {calculated.Currency} of merchant {calculated.MerchantId}");
        }
    }

    /// <summary>A violation unless both agree; told as a note of an order whose calls a person took as the systems have them, since the state that had sent it was lost.</summary>
    static void Expect(AuditContext world, OrderHistory history, FindingBuilder findings, bool agrees, Func<string> text)
    {
        if (!agrees && world.Options.HasLostState && history.WasTaken)
        {
            findings.Note($"{text()}; a person took it so after the state was lost");
            return;
        }

        findings.Require(agrees, text);
    }

    /// <summary>What a reversal takes back is the increase of the refund; less only where a discarded leg holds nothing.</summary>
    static void Reversal(OrderHistory history, ReversalHistory reversal, FindingBuilder findings)
    {
        var before = history.Reversals.Where(earlier => earlier.N < reversal.N).SelectMany(earlier => earlier.Requested).Select(request => request.Refunded).Append(history.Calculated!.Refunded).Max();
        var increase = (reversal.Requested.FirstOrDefault()?.Refunded ?? before) - before;
        var sum = LegLines.Sum(reversal.Calculated[0].Lines);
        var mayFallShort = history.Calls.Values.Any(call => call.Discarded);
        findings.Require(
            sum == increase || (mayFallShort && sum < increase),
            () => $"order {history.Id}: reversal {reversal.N} takes back {sum}, but the refund rose by {increase}");
    }

    static void Effects(AuditContext world, OrderHistory history, int n, IReadOnlyList<MoneyLine> lines, FindingBuilder findings)
    {
        foreach (var leg in LegLines.Money)
        {
            if (world.Call(history, leg, n) is not { } call)
            {
                continue;
            }

            var told = call.Lines.OrderBy(line => line.Party, StringComparer.Ordinal).ToArray();
            var meant = LegLines.Of(lines, leg).OrderBy(line => line.Party, StringComparer.Ordinal).ToArray();
            findings.Require(LegLines.Sum(told) == call.Amount, () => $"{call.Key}: amount {call.Amount} is not the sum of its lines {LegLines.Sum(told)}");
            Expect(world, history, findings, told.SequenceEqual(meant), () => $"{call.Key}: the system was told {Text(told)}, calculated was {Text(meant)}");
            findings.Require(call.Currency == history.Calculated!.Currency, () => $"{call.Key}: sent in {call.Currency}, calculated in {history.Calculated!.Currency}");
        }
    }

    static string Text(IEnumerable<MoneyLine> lines) => string.Join(", ", lines.Select(line => $"{line.Party} {line.Amount}"));
}

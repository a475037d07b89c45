using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I7: per party, in the events and in the effects; and a refund that is told twice is reversed once.</summary>
internal sealed class NeverTooMuchBack : IAuditCheck
{
    public string Invariant => "I7";

    public string Title => "reversals never exceed what was settled, and a replayed refund changes nothing";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        foreach (var history in world.Histories.Values.Where(history => history.Reversals.Count > 0))
        {
            findings.Checked();
            if (history.Calculated is not { } calculated)
            {
                findings.Violation($"order {history.Id} has reversals, but was never calculated");
                continue;
            }

            Requests(history, calculated, findings);
            Compare($"order {history.Id}, events", calculated.Lines, history.Reversals.SelectMany(reversal => reversal.Calculated).SelectMany(reversal => reversal.Lines), findings);
            Effects(world, history, findings);
        }
    }

    static void Requests(OrderHistory history, LoggedEvent calculated, FindingBuilder findings)
    {
        var (refunded, expected) = (calculated.Refunded, 1);
        foreach (var reversal in history.Reversals)
        {
            findings.Require(reversal.N == expected++, () => $"order {history.Id}: reversal {reversal.N} follows a gap");
            findings.Require(reversal.Requested.Count == 1 && reversal.Calculated.Count <= 1, () => $"order {history.Id}: reversal {reversal.N} was requested {reversal.Requested.Count} and calculated {reversal.Calculated.Count} times");
            foreach (var request in reversal.Requested)
            {
                var before = refunded;
                findings.Require(request.Refunded > before, () => $"order {history.Id}: reversal {reversal.N} asks for {request.Refunded}, which is no increase over {before}");
                findings.Require(request.Refunded <= calculated.Gross, () => $"order {history.Id}: reversal {reversal.N} asks for {request.Refunded} of {calculated.Gross}");
                refunded = Math.Max(refunded, request.Refunded);
            }
        }
    }

    static void Effects(AuditContext world, OrderHistory history, FindingBuilder findings)
    {
        foreach (var leg in LegLines.Money)
        {
            var reversed = history.Reversals.Select(reversal => world.Call(history, leg, reversal.N)).OfType<AcceptedCall>().SelectMany(call => call.Lines);
            Compare($"order {history.Id}, effects of {leg.Name()}", world.Call(history, leg, 0)?.Lines ?? [], reversed, findings);
        }
    }

    static void Compare(string where, IEnumerable<MoneyLine> settled, IEnumerable<MoneyLine> reversed, FindingBuilder findings)
    {
        var got = settled.GroupBy(line => line.Party).ToDictionary(party => party.Key, LegLines.Sum);
        foreach (var party in reversed.GroupBy(line => line.Party))
        {
            var back = LegLines.Sum(party);
            findings.Require(back <= got.GetValueOrDefault(party.Key), () => $"{where}: {party.Key} got {got.GetValueOrDefault(party.Key)} and gives back {back}");
        }
    }
}

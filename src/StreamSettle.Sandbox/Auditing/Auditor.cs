using StreamSettle.Sandbox.Auditing.Checks;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing;

/// <summary>Judges a world. Pure: the same world gives the same report.</summary>
public static class Auditor
{
    static readonly IAuditCheck[] Checks =
    [
        new NetIsTheSumOfLines(), new NothingIsLost(), new OneEffectPerKey(), new FrozenBytes(), new MerchantOrder(), new NeverEarly(), new NeverTooMuchBack(), new EffectsAndEventsMatch(), new WithinBudgets(),
    ];

    /// <summary>Recomputes I1 to I8 and I11.</summary>
    public static AuditReport Judge(AuditWorld world, AuditOptions options)
    {
        var context = new AuditContext(world, options);
        return new(
            [.. Checks.Select(check => Run(check, context))],
            Money(context),
            context.Histories.Values.CountBy(history => history.Outcome).ToDictionary(),
            context.Histories.Values.SelectMany(history => history.Calls.Values).Select(call => call.DeadLetter).Where(letter => letter is not null).CountBy(letter => $"{letter!.Leg}: {letter.Reason}").ToDictionary(),
            LatenessSummary.FirstCalls(context),
            LatenessSummary.LastEffects(context));
    }

    static Finding Run(IAuditCheck check, AuditContext context)
    {
        var findings = new FindingBuilder(context.Options.Examples);
        check.Run(context, findings);
        return findings.Build(check.Invariant, check.Title);
    }

    static List<MoneyTotal> Money(AuditContext context) =>
    [
        .. context.ByKey.Values
            .SelectMany(call => call.Lines.Select(line => (Kind: LegLines.Kind(line.Party), call.Currency, call.Key.N, line.Amount)))
            .GroupBy(line => (line.Kind, line.Currency))
            .OrderBy(group => group.Key)
            .Select(group => new MoneyTotal(group.Key.Kind, group.Key.Currency, Sum(group.Where(line => line.N == 0)), Sum(group.Where(line => line.N > 0)))),
    ];

    static Int128 Sum(IEnumerable<(string Kind, string Currency, int N, long Amount)> lines) => lines.Aggregate((Int128)0, (sum, line) => sum + line.Amount);
}

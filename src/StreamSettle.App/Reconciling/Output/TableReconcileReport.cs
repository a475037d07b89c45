using System.Globalization;
using System.Text;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>For people: the counts, then the first of each class.</summary>
sealed class TableReconcileReport(TextWriter output, ReconcileScope scope) : IReconcileReport
{
    const int MostOfAClass = 20;

    readonly Dictionary<DiscrepancyKind, Greatest<Discrepancy>> kept = DiscrepancyKinds.All.ToDictionary(kind => kind, _ => new Greatest<Discrepancy>(MostOfAClass));

    public void Found(Discrepancy discrepancy) => kept[discrepancy.Kind].Add(discrepancy, 0);

    public void End(ReconcileCounts counts)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Orders completed from {scope.Period.From} to {scope.Period.To}{(scope.Shard == Shard.All ? "" : $", shard {scope.Shard}")}: {counts.Orders} compared, {counts.Asked} questions asked")
            .AppendLine(Left())
            .AppendLine(CultureInfo.InvariantCulture, $"{counts.Of(OrderStanding.Settled)} divided, {counts.Of(OrderStanding.Pending)} waiting, {counts.Of(OrderStanding.Held)} held, {counts.Of(OrderStanding.Refused)} refused, {counts.Of(OrderStanding.NotOurs)} before Source:CompletedSince, {counts.Of(OrderStanding.Other)} others")
            .AppendLine(counts.Found.Values.Sum() == 0 ? "No discrepancy" : string.Join(", ", DiscrepancyKinds.All.Where(kind => counts.Of(kind) > 0).Select(kind => $"{counts.Of(kind)} {Words(kind)}")));
        foreach (var kind in DiscrepancyKinds.All.Where(kind => kept[kind].Seen > 0))
        {
            Class(text, kind, kept[kind]);
        }

        output.Write(text);
    }

    string Left() => (scope.WithSource, scope.WithDownstreams) switch
    {
        (true, true) => "Compared: shop, event log, downstream systems",
        (true, false) => "Compared: shop, event log; the downstream systems were not asked",
        _ => "Compared: event log, downstream systems; the shop was not read",
    };

    static void Class(StringBuilder text, DiscrepancyKind kind, Greatest<Discrepancy> first)
    {
        var items = first.Items();
        var all = items.Count == first.Seen ? "" : string.Create(CultureInfo.InvariantCulture, $": the first {items.Count} of {first.Seen} (all: --format csv)");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(Words(kind)[0])}{Words(kind)[1..]}{all}");
        var table = new TextTable(true, true, false, false, false, false);
        table.Add("ORDER", "MERCHANT", "SUBJECT", "SOURCE", "EVENT LOG", "DOWNSTREAM");
        foreach (var one in items)
        {
            table.Add(Number(one.OrderId), Number(one.MerchantId), one.Subject, Cell(one.Source), Cell(one.EventLog), Cell(one.Downstream));
        }

        table.AppendTo(text, TerminalText.OutputWidth);
    }

    static string Words(DiscrepancyKind kind) => kind.Word().Replace('_', ' ');

    static string Cell(string? value) => value is null ? "" : FailureText.OneLine(value);

    static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}

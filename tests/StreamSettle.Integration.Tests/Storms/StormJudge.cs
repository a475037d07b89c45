using System.Globalization;
using Npgsql;
using StreamSettle.App.Composition;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;
using Xunit;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>"Known = in the source": compares what the shop has written, version by version, with what the event log says came of it.</summary>
sealed class StormJudge
{
    /// <summary>From the moment at which a change was surely committed to the one at which it could be read.</summary>
    static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(500);

    /// <summary>From a look at the source to an event that rests on it, on a busy machine.</summary>
    static readonly TimeSpan Work = TimeSpan.FromSeconds(5);

    readonly List<string> faults = [];
    readonly IReadOnlyDictionary<string, EventStream> streams;
    readonly ReferenceCalculation reference;

    StormJudge(IReadOnlyDictionary<string, EventStream> streams, ReferenceCalculation reference) => (this.streams, this.reference) = (streams, reference);

    /// <returns>What was looked at, for people.</returns>
    public static async Task<string> JudgeAsync(Storm storm, IReadOnlyList<DarkTime> darkTimes)
    {
        await using var database = NpgsqlDataSource.Create(storm.World.ConnectionString);
        var streams = await AuditWorldLoader.StreamsAsync(database, "settlement", TestContext.Current.CancellationToken);
        var judge = new StormJudge(streams.ToDictionary(stream => stream.Id), await ReferenceCalculation.ReadAsync(database, RuleFiles.Load(storm.World.RulesDirectory)));
        foreach (var sale in storm.Trade.Sales.Values)
        {
            judge.Order(sale);
        }

        judge.Strangers(storm.Trade.Sales);
        judge.DarkTimes(darkTimes);
        Assert.True(judge.faults.Count == 0, $"{judge.faults.Count} faults:\n{string.Join('\n', judge.faults.Take(40))}");
        return $"{storm.Trade.Sales.Count} orders, {streams.Count} known, {darkTimes.Count} dark times";
    }

    void Order(Sale sale)
    {
        var history = streams.GetValueOrDefault(sale.Id.ToString(CultureInfo.InvariantCulture)) is { } stream ? new OrderHistory(stream) : null;
        if (sale.HasMoved)
        {
            Require(history?.Calculated is null && history?.DeadLetterOf("calculation", 0)?.Reason == "changed_key", sale, "has another's row and waits for nobody");
            return;
        }

        var last = sale.History[^1];
        Require(history?.Calculated is not null || !last.IsCompleted || last.Refunded == last.Gross, sale, history is null ? "is unknown" : $"is completed, but {history.Outcome}");
        if (history?.Calculated is { } calculated)
        {
            Settlement(sale, history, calculated);
        }
    }

    /// <summary>It must rest on a version that was there shortly before the mark or later, and shortly before it fired.</summary>
    void Settlement(Sale sale, OrderHistory history, LoggedEvent calculated)
    {
        var mark = sale.CompletedAt!.Value + Storm.Delay;
        var fired = streams[history.Id].Events.First(happened => happened.Type == EventTypes.Due).RecordedAt;
        var known = sale.History.Where(version => version.IsCompleted && version.Until > mark - Storm.Silence - Commit && version.Until > fired - Storm.Silence - Work).ToArray();
        var basis = known.FirstOrDefault(version => (reference.Minor(sale, version.Gross), reference.Minor(sale, version.Refunded)) == (calculated.Gross, calculated.Refunded));
        Require(basis is not null, sale, $"is settled at {calculated.RecordedAt}, fired at {fired}, with {calculated.Gross} less {calculated.Refunded}");
        if (basis is not null)
        {
            var lines = reference.Lines(sale, basis);
            Require(lines.SequenceEqual(calculated.Lines), sale, $"got {string.Join(", ", calculated.Lines)}, not {string.Join(", ", lines)}");
        }

        Require(history.Completed is not null, sale, $"is settled, but {history.Outcome}");
        var last = sale.History[^1];
        var takenBack = history.Reversals.SelectMany(reversal => reversal.Requested).Select(request => request.Refunded).Append(calculated.Refunded).Max();
        Require(last.Status is null || takenBack >= reference.Minor(sale, last.Refunded), sale, $"has {last.Refunded} refunded, but {takenBack} minor units were taken back");
    }

    /// <summary>Nobody is paid for what the shop never sold.</summary>
    void Strangers(IReadOnlyDictionary<long, Sale> sales)
    {
        foreach (var stream in streams.Values.Where(stream => !sales.ContainsKey(long.Parse(stream.Id, CultureInfo.InvariantCulture)) && stream.Events.Any(happened => happened.Type == EventTypes.Calculated)))
        {
            faults.Add($"order {stream.Id} is settled, but the shop never sold it");
        }
    }

    void DarkTimes(IReadOnlyList<DarkTime> darkTimes)
    {
        foreach (var (stream, happened) in streams.Values.SelectMany(stream => stream.Events.Where(happened => happened.Type is EventTypes.Due or EventTypes.Calculated), (stream, happened) => (stream, happened)))
        {
            if (darkTimes.FirstOrDefault(dark => dark.Covers(happened.RecordedAt)) is { } dark)
            {
                faults.Add($"order {stream.Id}: {happened.Type} at {happened.RecordedAt}, in the dark time of '{dark.Trouble}'");
            }
        }
    }

    void Require(bool holds, Sale sale, string otherwise)
    {
        if (!holds)
        {
            var mark = sale.CompletedAt is { } completedAt ? $"{completedAt + Storm.Delay}" : "none";
            var history = string.Join("; ", sale.History.Select(version => $"{version.Status ?? "no row"} {version.Gross} less {version.Refunded} until {(version.Until == UtcInstant.MaxValue ? "the end" : version.Until)}"));
            var events = streams.GetValueOrDefault(sale.Id.ToString(CultureInfo.InvariantCulture))?.Events ?? [];
            faults.Add($"order {sale.Id} {otherwise}; mark {mark}; {history}; log: {string.Join(", ", events.Select(happened => $"{happened.Type} {happened.Reason}{happened.RecordedAt}"))}");
        }
    }
}

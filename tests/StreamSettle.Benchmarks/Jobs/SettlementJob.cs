using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>How many orders a core settles a second under the default rules, and what that allocates. <c>--cases</c> 1000000.</summary>
sealed class SettlementJob : IBenchmarkJob
{
    const int DefaultCases = 1_000_000;
    const int WarmUpCases = 200_000;
    const string CasesOption = "cases";

    public string Name => "settlement";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var cases = options.Count(CasesOption, DefaultCases);
        var book = Load();
        var orders = SettlementOrder.Sample(seed: 42);
        var results = new SettlementResult[orders.Length];

        // Twice, with a pause of other work between: the second run is compiled with what the first has shown.
        Settle(book, orders, results, WarmUpCases);
        Check(orders, results);
        Settle(book, orders, results, WarmUpCases);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Settle(book, orders, results, cases);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / cases;

        Check(orders, results);
        return new JsonObject
        {
            ["settlements_per_s"] = Math.Round(cases / seconds),
            ["allocated_bytes_per_settlement"] = Math.Round(allocated, 1),
            ["result_bytes_per_settlement"] = Math.Round(ResultBytes(results), 1),
            ["lines_per_settlement"] = Math.Round(results.Cast<Settled>().Average(settled => settled.Lines.Length), 2),
            ["cases"] = cases,
        }.ToJsonString();
    }

    static void Settle(RuleBook book, SettlementOrder[] orders, SettlementResult[] results, int cases)
    {
        for (int i = 0, at = 0; i < cases; i++, at = at + 1 < orders.Length ? at + 1 : 0)
        {
            var order = orders[at];
            results[at] = SettlementCalculator.Settle(book, order.Facts, order.Merchant, SettlementOrder.Tree);
        }
    }

    static void Check(SettlementOrder[] orders, SettlementResult[] results)
    {
        for (var i = 0; i < orders.Length; i++)
        {
            if (results[i] is not Settled settled || settled.Net != orders[i].NetMinor || settled.Lines.Sum(line => line.Amount) != settled.Net)
            {
                throw new BrokenInvariantException($"order {i} has net {orders[i].NetMinor}, but its result is {results[i]}");
            }
        }
    }

    /// <summary>What the results themselves weigh, by making them again: an object and its lines.</summary>
    static double ResultBytes(SettlementResult[] results)
    {
        var copies = new object[2 * results.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < results.Length; i++)
        {
            var settled = (Settled)results[i];
            copies[2 * i] = settled with { };
            copies[2 * i + 1] = new SettlementLine[settled.Lines.Length];
        }

        var bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / results.Length;
        GC.KeepAlive(copies);
        return bytes;
    }

    static RuleBook Load() => RuleBookLoader.Load(Path.Combine(AppContext.BaseDirectory, "rules")) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new UserMistakeException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException("loading is refused or not"),
    };
}

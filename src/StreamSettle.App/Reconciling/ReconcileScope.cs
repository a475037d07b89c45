using System.Globalization;
using StreamSettle.App.Reports;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Reconciling;

/// <summary>Which orders are compared, and with what.</summary>
/// <param name="Period">Of their completion.</param>
/// <param name="WithSource">The shop is read.</param>
/// <param name="WithDownstreams">The systems are asked.</param>
sealed record ReconcileScope(Period Period, Shard Shard, bool WithSource, bool WithDownstreams)
{
    /// <summary>The same text for the same scope.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Period.From} {Period.To} {Shard} {(WithSource ? "source" : "no-source")} {(WithDownstreams ? "downstreams" : "no-downstreams")}");
}

/// <summary>A part of all orders, by what is left of their ids when they are divided by <paramref name="Count"/>.</summary>
/// <param name="Index">From 0.</param>
readonly record struct Shard(int Index, int Count)
{
    /// <summary>More than anybody has machines.</summary>
    const int Most = 65_536;

    public static Shard All => new(0, 1);

    public bool Has(OrderId order) => ((order.Value % Count) + Count) % Count == Index;

    /// <exception cref="UserMistakeException">It is no shard.</exception>
    public static Shard Read(string text) =>
        text.Split('/') is [var index, var count]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && n is >= 1 and <= Most && i < n
            ? new(i, n)
            : throw new UserMistakeException($"--shard must be INDEX/COUNT with an index from 0 to COUNT - 1 and at most {Most} shards, such as 3/16, but is '{text}'.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}

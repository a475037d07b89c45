using System.Globalization;
using StreamSettle.App.Reconciling;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>Reconcile</c>, and what it means for the limits of the downstream systems.</summary>
static class ReconcileOptionsReader
{
    public static ReconcileOptions Read(ConfigurationReader reader)
    {
        var defaults = new ReconcileOptions();
        var every = reader.Duration("Reconcile:Every", TimeSpan.Zero, countsDays: true);
        var options = new ReconcileOptions
        {
            Every = reader.Text("Reconcile:Every") is null ? null : every,
            Period = reader.Duration("Reconcile:Period", defaults.Period, countsDays: true),
            LateAfter = reader.Duration("Reconcile:LateAfter", defaults.LateAfter),
            SecondLook = reader.Duration("Reconcile:SecondLook", defaults.SecondLook),
            Concurrency = reader.Whole("Reconcile:Concurrency", defaults.Concurrency),
            Share = Share(reader),
        };
        reader.Add(options.Problems("Reconcile"));
        return options;
    }

    /// <summary>Limits that questions would have no part of: what the service may use is all of them.</summary>
    public static IEnumerable<string> Problems(ReconcileOptions options, IReadOnlyDictionary<Leg, DownstreamOptions> downstreams)
    {
        foreach (var (leg, downstream) in downstreams)
        {
            if (downstream.RateLimit is { } limit && options.Share is null)
            {
                yield return $"Reconcile:Share is missing: the service's calls may use all of Downstreams:{leg}:RateLimit ({limit}). Set it for the service too, such as 0.05: it leaves that part to the questions of reconcile.";
            }
            else if (downstream.RateLimit == 1)
            {
                yield return $"Downstreams:{leg}:RateLimit is 1, of which nothing can be left to the questions of reconcile: give a longer RateWindow with a greater RateLimit, or leave the systems out.";
            }
        }
    }

    /// <summary>What the service's own calls may use, where a share is left to questions.</summary>
    public static DownstreamOptions Leave(DownstreamOptions downstream, ReconcileOptions options) =>
        options.Share is not null && downstream.RateLimit is > 1 and var limit ? downstream with { RateLimit = limit - (int)options.Asking.Of(limit) } : downstream;

    static double? Share(ConfigurationReader reader)
    {
        if (reader.Text("Reconcile:Share") is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share))
        {
            return share;
        }

        reader.Add($"Reconcile:Share must be a number such as 0.05, but is '{text}'.");
        return null;
    }
}

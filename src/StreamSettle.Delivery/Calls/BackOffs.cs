using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Calls;

/// <summary>Exponential back-off with full jitter, between <c>RetryBase</c> and <c>RetryMax</c>.</summary>
internal static class BackOffs
{
    /// <summary>Doublings after which any base has reached any bound.</summary>
    internal const int MaxDoublings = 30;

    /// <summary>The longest that the wait number <paramref name="before"/> (0 for the first) may be.</summary>
    internal static TimeSpan Bound(int before, DownstreamOptions options)
    {
        var bound = options.RetryBase.TotalSeconds * Math.Pow(2, Math.Clamp(before, 0, MaxDoublings));
        return bound >= options.RetryMax.TotalSeconds ? options.RetryMax : TimeSpan.FromSeconds(bound);
    }

    /// <summary>A wait between nothing and the bound.</summary>
    /// <param name="jitter">From 0 (inclusive) to 1 (exclusive).</param>
    internal static TimeSpan Delay(int before, DownstreamOptions options, double jitter) => Bound(before, options) * jitter;
}

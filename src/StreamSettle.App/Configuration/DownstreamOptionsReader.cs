using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology;

namespace StreamSettle.App.Configuration;

/// <summary>The section of one downstream system.</summary>
static class DownstreamOptionsReader
{
    public static DownstreamOptions Read(ConfigurationReader reader, Leg leg)
    {
        var section = $"Downstreams:{leg}";
        var defaults = new DownstreamOptions();
        var options = defaults with
        {
            BaseUrl = BaseUrl(reader, section, leg),
            Concurrency = reader.Whole($"{section}:Concurrency", defaults.Concurrency),
            Timeout = reader.Duration($"{section}:Timeout", defaults.Timeout),
            BatchSize = reader.Whole($"{section}:BatchSize", defaults.BatchSize),
            BatchBytes = reader.Whole($"{section}:BatchBytes", defaults.BatchBytes),
            BatchOrder = Enum.Parse<BatchOrder>(reader.OneOf($"{section}:BatchOrder", nameof(BatchOrder.OnePerMerchant), Enum.GetNames<BatchOrder>())),
            RateLimit = reader.WholeOrNull($"{section}:RateLimit"),
            RateWindow = reader.Duration($"{section}:RateWindow", defaults.RateWindow),
            MaxAttempts = reader.Whole($"{section}:MaxAttempts", defaults.MaxAttempts),
            RetryBase = reader.Duration($"{section}:RetryBase", defaults.RetryBase),
            RetryMax = reader.Duration($"{section}:RetryMax", defaults.RetryMax),
            PriorityShare = reader.Share($"{section}:PriorityShare", defaults.PriorityShare),
            Breaker = new()
            {
                ErrorRate = reader.Share($"{section}:Breaker:ErrorRate", defaults.Breaker.ErrorRate),
                Window = reader.Duration($"{section}:Breaker:Window", defaults.Breaker.Window),
                MinimumOutcomes = reader.Whole($"{section}:Breaker:MinimumOutcomes", defaults.Breaker.MinimumOutcomes),
            },
            Ordered = reader.Flag($"{section}:Ordered", defaults.Ordered),
            Headers = reader.Named($"{section}:Headers").Where(header => header.Value is not null).ToDictionary(header => header.Name, header => header.Value!),
            CallbackSecrets = CallbackSecrets(reader, section),
            CallbackSecretFile = reader.FilePath($"{section}:CallbackSecretFile"),
            ClientCertificate = reader.FilePath($"{section}:ClientCertificate"),
            ClientCertificatePasswordFile = reader.FilePath($"{section}:ClientCertificatePasswordFile"),
        };
        reader.Add(options.Problems(section).Where(problem => options.BaseUrl.Length > 0 || !problem.Contains(":BaseUrl", StringComparison.Ordinal)));
        return options;
    }

    /// <summary>One value, or several below the key while one takes the place of another.</summary>
    static IReadOnlyList<string> CallbackSecrets(ConfigurationReader reader, string section)
    {
        var key = $"{section}:CallbackSecret";
        var several = reader.Named(key).Where(secret => secret.Value is not null).Select(secret => secret.Value!);
        return reader.Text(key) is { } one ? [one, .. several] : [.. several];
    }

    /// <summary>A system that is not called may be configured already, and need not be.</summary>
    static string BaseUrl(ConfigurationReader reader, string section, Leg leg) => (SettlementTopology.Calls.Contains(leg)
        ? reader.Required($"{section}:BaseUrl", $"the base URL of the {leg.Name()} system")
        : reader.Text($"{section}:BaseUrl") ?? "").Trim();
}

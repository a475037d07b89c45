using System.Globalization;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>What the measured service is told on any transport: its source, its rules, and the systems that it calls.</summary>
static class ServiceSettings
{
    public static Dictionary<string, string?> Of(PrivatePostgres postgres, string rules, SandboxDownstreams systems, Batching batching)
    {
        var settings = new Dictionary<string, string?> { ["Source:ConnectionString"] = postgres.ConnectionString, ["Rules:Directory"] = rules };
        foreach (var (key, value) in systems.Configuration.Where(setting => !setting.Key.Contains("TaxRefund", StringComparison.Ordinal)))
        {
            settings[key] = value;
            settings[key.Replace("BaseUrl", "BatchSize", StringComparison.Ordinal)] = batching.Size.ToString(CultureInfo.InvariantCulture);
            settings[key.Replace("BaseUrl", "BatchOrder", StringComparison.Ordinal)] = $"{batching.Order}";
        }

        return settings;
    }
}

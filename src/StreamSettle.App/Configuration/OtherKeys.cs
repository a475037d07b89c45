using Microsoft.Extensions.Logging.Console;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.App.Configuration;

/// <summary>Keys that this reader does not turn into options: those of .NET and of our commands, and those of contract/program.md that mean nothing to this release.</summary>
static class OtherKeys
{
    /// <summary>Read by libraries, or by commands. <c>$schema</c> is what editors want in a JSON file.</summary>
    static readonly string[] Elsewhere = ["STREAMSETTLE_KEY", "AllowedHosts", "$schema", "Kestrel:*", "Logging:*", "Logging:LogLevel:<category>", "Logging:<provider>:LogLevel:<category>"];

    /// <summary>
    /// Tax refunds. They are taken, so that one configuration serves the releases that know them,
    /// and told at each start, so that nobody relies on them.
    /// </summary>
    static KnownKeys Later() => Keys([$"Downstreams:{Leg.TaxRefund}:*"]);

    public static void AddTo(KnownKeys known)
    {
        foreach (var key in Elsewhere.Concat(Console()).Concat(Later().All.Where(key => key != $"Downstreams:{Leg.TaxRefund}:*")))
        {
            known.Add(key);
        }
    }

    /// <param name="transport">Keys of another one do nothing either.</param>
    /// <returns>The keys that are set and do nothing.</returns>
    public static IReadOnlyList<string> NotUsed(IConfiguration configuration, TransportOptions transport)
    {
        var later = Keys([.. Later().All, .. transport is TransportOptions.Embedded ? ["Kafka:*", "Source:UnavailableValue"] : (string[])[]]);
        return [.. configuration.AsEnumerable().Where(pair => !string.IsNullOrEmpty(pair.Value) && later.Has(pair.Key)).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>The console's own options: a slip among them would be passed over in silence.</summary>
    static IEnumerable<string> Console() => Settings<ConsoleLoggerOptions>("Logging:Console").Append("Logging:Console:FormatterOptions:JsonWriterOptions:Indented")
        .Concat(Settings<SimpleConsoleFormatterOptions>("Logging:Console:FormatterOptions")).Concat(Settings<JsonConsoleFormatterOptions>("Logging:Console:FormatterOptions"));

    static IEnumerable<string> Settings<T>(string section) => typeof(T).GetProperties().Select(property => $"{section}:{property.Name}");

    static KnownKeys Keys(IEnumerable<string> keys)
    {
        var known = new KnownKeys();
        foreach (var key in keys)
        {
            known.Add(key);
        }

        return known;
    }
}

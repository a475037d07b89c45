using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace StreamSettle.App.Configuration;

/// <summary>Keys that nobody reads: whoever mistyped one would believe that it holds. Variables of the machine that have nothing to do with us are left alone.</summary>
static class UnknownKeys
{
    /// <returns>A line for each: the key, where it came from, and the nearest that there is.</returns>
    public static IEnumerable<string> Of(IConfiguration configuration, KnownKeys known)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || known.Has(key) || (value.Length == 0 && known.IsSection(key)))
            {
                continue;
            }

            var sources = configuration is IConfigurationRoot root ? root.Providers.Where(provider => provider.TryGet(key, out _)).ToList() : [];
            if (sources.Count == 0 || !sources.TrueForAll(source => source is EnvironmentVariablesConfigurationProvider && IsForeign(key, known)))
            {
                yield return $"{key}{From(key, sources.LastOrDefault())} is no setting{Meant(key, known)}";
            }
        }
    }

    static string Meant(string key, KnownKeys known) =>
        known.IsSection(key) ? $", but a section: its settings stand below it, as {key}:..." :
        known.NearestTo(key) is { } near ? $": did you mean {near}?" : ". Remove it; docs/operations.md lists what there is.";

    static bool IsForeign(string variable, KnownKeys known) =>
        variable.Split(':') is var segments && (segments.Length == 1 || (!known.Roots.Contains(segments[0], StringComparer.OrdinalIgnoreCase) && !known.IsSlip(variable)));

    static string From(string key, IConfigurationProvider? source) => source switch
    {
        EnvironmentVariablesConfigurationProvider => $" (environment variable {key.Replace(":", "__", StringComparison.Ordinal)})",
        CommandLineConfigurationProvider => " (command line)",
        FileConfigurationProvider { Source: { Path: { } path } file } => $" ({file.FileProvider?.GetFileInfo(path).PhysicalPath ?? path})",
        _ => "",
    };
}

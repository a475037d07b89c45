using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The configuration of a command: <c>appsettings.json</c> of the working directory, <c>--config FILE</c>, environment variables, then <c>--Key=Value</c> arguments; the later wins.</summary>
static class ConfigurationOf
{
    /// <summary>Every command that is configured takes it.</summary>
    public static Option<FileInfo?> ConfigOption() => new("--config") { Description = "A JSON file with settings." };

    /// <summary>Where settings begin: an argument that begins otherwise, and has no colon, is an option that does not exist.</summary>
    static readonly string[] Roots =
    [
        "StateDirectory", "ApplicationId", "Partitions", "StreamThreads", "Transport", "Urls", "Source", "Audit", "Rules", "Downstreams", "Settlements", "Access", "Kafka", "SchemaRegistry", "Connect",
        "Logging", "Kestrel", "STREAMSETTLE_KEY",
    ];

    /// <exception cref="UserMistakeException">The file is missing or no JSON, or an argument is no setting.</exception>
    public static IConfiguration Read(ParseResult parsed, Option<FileInfo?> config)
    {
        var (file, rest) = (parsed.GetValue(config), parsed.UnmatchedTokens);
        if (Stray(rest) is { } stray)
        {
            throw new UserMistakeException($"'{stray}' is no setting: write --Key=Value, such as --Source:Topic=shop.");
        }

        if (rest.FirstOrDefault(IsNoSetting) is { } option)
        {
            throw new UserMistakeException(WrongUsage.Unknown(option, WrongUsage.NamesOf(parsed.CommandResult).Concat(Roots.Select(root => $"--{root}"))));
        }

        try
        {
            var builder = new ConfigurationBuilder().AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true, reloadOnChange: false);
            if (file is not null)
            {
                builder.AddJsonFile(file.FullName, optional: false, reloadOnChange: false);
            }

            return builder.AddEnvironmentVariables().AddCommandLine([.. rest]).Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new UserMistakeException($"The settings cannot be read: {FailureText.Of(unreadable)}", unreadable);
        }
    }

    static bool IsNoSetting(string argument) => argument.StartsWith("--", StringComparison.Ordinal)
        && !argument.Contains(':', StringComparison.Ordinal) && !argument.Contains("__", StringComparison.Ordinal)
        && !Roots.Contains(argument[2..].Split('=')[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>The first argument that .NET's command line provider would pass over in silence: neither <c>key=value</c> nor <c>--key value</c>.</summary>
    static string? Stray(IReadOnlyList<string> rest)
    {
        for (var i = 0; i < rest.Count; i++)
        {
            var (isPair, isKey) = (rest[i].Contains('=', StringComparison.Ordinal), rest[i].StartsWith("--", StringComparison.Ordinal) || rest[i].StartsWith('/'));
            if (!isPair && (!isKey || ++i == rest.Count))
            {
                return rest[Math.Min(i, rest.Count - 1)];
            }
        }

        return null;
    }
}

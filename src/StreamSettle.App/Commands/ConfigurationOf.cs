using System.CommandLine;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The configuration of a command: <c>appsettings.json</c> of the working directory, <c>--config FILE</c>, environment variables, then <c>--Key=Value</c> arguments; the later wins.</summary>
static class ConfigurationOf
{
    /// <summary>Every command that is configured takes it.</summary>
    public static Option<FileInfo?> ConfigOption() => new("--config") { Description = "A JSON file with settings." };

    /// <exception cref="UserMistakeException">The file is missing or no JSON, or an argument is no setting.</exception>
    public static IConfiguration Read(ParseResult parsed, Option<FileInfo?> config)
    {
        var (file, rest) = (parsed.GetValue(config), parsed.UnmatchedTokens);
        if (Stray(rest) is { } stray)
        {
            throw new UserMistakeException($"'{stray}' is no setting: write --Key=Value, such as --Source:Topic=shop.");
        }

        // An argument that begins otherwise than settings do, and has no colon, is an option that does not exist.
        string[] roots = [.. ServiceOptionsReader.Keys().Roots];
        if (rest.FirstOrDefault(argument => IsNoSetting(argument, roots)) is { } option)
        {
            throw new UserMistakeException(WrongUsage.Unknown(option, WrongUsage.NamesOf(parsed.CommandResult).Concat(roots.Select(root => $"--{root}"))));
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

    /// <summary>For a command that does not read all of it: what is misspelt is told all the same.</summary>
    /// <inheritdoc cref="Read"/>
    public static IConfiguration ReadStrictly(ParseResult parsed, Option<FileInfo?> config)
    {
        var configuration = Read(parsed, config);
        string[] unknown = [.. UnknownKeys.Of(configuration, ServiceOptionsReader.Keys())];
        return unknown.Length == 0 ? configuration : throw new UserMistakeException(string.Join(Environment.NewLine, unknown));
    }

    static bool IsNoSetting(string argument, string[] roots) => argument.StartsWith("--", StringComparison.Ordinal)
        && !argument.Contains(':', StringComparison.Ordinal) && !argument.Contains("__", StringComparison.Ordinal)
        && !roots.Contains(argument[2..].Split('=')[0], StringComparer.OrdinalIgnoreCase);

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

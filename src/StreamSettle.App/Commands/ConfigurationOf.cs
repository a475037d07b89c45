using System.CommandLine;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The configuration of a command: <c>appsettings.json</c> of the working directory, <c>--config FILE</c>, environment variables, then <c>--Key=Value</c> arguments; the later wins.</summary>
static class ConfigurationOf
{
    /// <summary>Every command that is configured takes it.</summary>
    public static Option<FileInfo?> ConfigOption() => new("--config") { Description = "A JSON file with settings." };

    /// <exception cref="UserMistakeException">The file is missing or no JSON, or an argument is no setting.</exception>
    public static IConfiguration Read(FileInfo? file, IReadOnlyList<string> rest)
    {
        if (Stray(rest) is { } stray)
        {
            throw new UserMistakeException($"'{stray}' is no setting: write --Key=Value, such as --Source:Topic=shop.");
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
        catch (Exception unreadable) when (unreadable is InvalidDataException or FileNotFoundException)
        {
            throw new UserMistakeException($"The settings cannot be read: {unreadable.Message} {unreadable.InnerException?.Message}", unreadable);
        }
    }

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

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
        if (rest.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal) || !arg.Contains('=', StringComparison.Ordinal)) is { } stray)
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
}

using System.Globalization;
using Microsoft.Extensions.Logging.Console;
using StreamSettle.App.Access;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary>Where log lines go and in what form: to the console. Our form is the default; <c>Logging</c> comes after it and wins.</summary>
static class ServiceLogging
{
    const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    const string Formatter = "Logging:Console:FormatterName";
    const string Timestamp = "Logging:Console:FormatterOptions:TimestampFormat";

    public static void Add(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            (console.TimestampFormat, console.UseUtcTimestamp) = (TimestampFormat + " ", true);
        }).Configure<JsonConsoleFormatterOptions>(console => (console.TimestampFormat, console.UseUtcTimestamp) = (TimestampFormat, true));
        logging.ClearProviders().AddConsole().AddFilter("Microsoft", LogLevel.Warning)
            // Somebody without a key who asks again and again is no news.
            .AddFilter(typeof(ApiKeyHandler).Namespace, LogLevel.Warning)
            // What it says of a start that failed is said better, and once, by whoever started it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddConfiguration(configuration.GetSection("Logging"));

        // The slim builder has asked for the simple form already, whatever is configured.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = configuration[Formatter] ?? ConsoleFormatterNames.Simple);
    }

    /// <summary>Tries it, and tells what .NET would pass over in silence, fail by at its first line, or end the start with.</summary>
    public static void Check(ConfigurationReader reader, IConfiguration configuration)
    {
        var before = reader.Problems.Count;
        reader.OneOf(Formatter, ConsoleFormatterNames.Simple, ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd);
        foreach (var level in configuration.GetSection("Logging").GetChildren().Prepend(configuration.GetSection("Logging")).SelectMany(section => section.GetSection("LogLevel").GetChildren()))
        {
            reader.OneOf(level.Path, nameof(LogLevel.Information), Enum.GetNames<LogLevel>());
        }

        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(reader.Text(Timestamp), CultureInfo.InvariantCulture);
            using var factory = LoggerFactory.Create(logging => Add(logging, configuration));
            factory.CreateLogger(nameof(ServiceLogging));
        }
        catch (FormatException)
        {
            reader.Add($"{Timestamp} must be a format of .NET for instants, such as {TimestampFormat}, but is '{reader.Text(Timestamp)}'.");
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            reader.Add(before == reader.Problems.Count ? [$"Logging cannot be set up: {FailureText.Of(wrong)}"] : []);
        }
    }
}

using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>Audit:Projections</c>.</summary>
static class ProjectionOptionsReader
{
    const string Section = "Audit:Projections";

    /// <param name="audit">The event log as the service reaches it: projections use the same where they have no role of their own.</param>
    public static ProjectionOptions Read(ConfigurationReader reader, AuditOptions audit)
    {
        var defaults = new ProjectionOptions { Audit = audit };
        var own = Connection(reader);
        var options = defaults with
        {
            Audit = audit with { ConnectionString = own ?? audit.ConnectionString },
            Run = [.. (reader.Text($"{Section}:Run") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)],
            Interval = reader.Duration($"{Section}:Interval", defaults.Interval),
            SkipUnknown = reader.Flag($"{Section}:SkipUnknown", defaults.SkipUnknown),
        };
        // What is wrong with the event log's own address is told where that is read.
        reader.Add(options.Problems(Section).Where(problem => own is not null || !problem.StartsWith($"{Section}:ConnectionString", StringComparison.Ordinal)));
        return options;
    }

    /// <summary>For a command that needs no other of the service's settings.</summary>
    /// <exception cref="UserMistakeException">A setting cannot be used.</exception>
    public static ProjectionOptions ReadAlone(IConfiguration configuration)
    {
        var audit = EventLogOptions.Read(configuration);
        var reader = new ConfigurationReader(configuration);
        var options = Read(reader, audit);
        return reader.Problems.Count == 0 ? options : throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
    }

    static string? Connection(ConfigurationReader reader)
    {
        if (reader.Text($"{Section}:ConnectionString") is { } own)
        {
            return DatabasePassword.Add(reader, Section, own);
        }

        if (reader.Text($"{Section}:PasswordFile") is not null)
        {
            reader.Add($"{Section}:PasswordFile goes with {Section}:ConnectionString, which is not set: set it to the event log's server with the role that runs projections, or remove the file.");
        }

        return null;
    }
}

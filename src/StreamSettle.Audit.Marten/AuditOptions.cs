using System.Text.RegularExpressions;
using Npgsql;

namespace StreamSettle.Audit.Marten;

/// <summary>Where the event log is. Configuration section <c>Audit</c>.</summary>
public sealed partial record AuditOptions
{
    /// <summary>PostgreSQL of the event log, in Npgsql's form. No default here; the service falls back to the source's server.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Schema of the event log's tables. Default <c>settlement</c>.</summary>
    public string Schema { get; init; } = "settlement";

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold. Never shows the connection string: it may hold a password.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (!SchemaName().IsMatch(Schema) || Schema.StartsWith("pg_", StringComparison.Ordinal))
        {
            yield return $"{section}:Schema must be 1 to 63 lower-case letters, digits and underscores, not begin with a digit or pg_, but is '{Schema}'.";
        }

        if (ConnectionProblem() is { } problem)
        {
            yield return $"{section}:ConnectionString {problem}";
        }
    }

    string? ConnectionProblem()
    {
        try
        {
            if (new NpgsqlConnectionStringBuilder(ConnectionString).Host is null or "")
            {
                return "must name a Host (Host=...;Database=...;Username=...), but names none.";
            }

            // The constructor checks also what belongs together; it opens nothing.
            using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException or NotSupportedException)
        {
            // Not the failure's words: what it takes for a key may be a password, of a URL or of a value with a semicolon.
            return "cannot be read: expected Npgsql's KEY=VALUE pairs between semicolons, as in Host=db;Database=audit;Username=settle; a value with a semicolon stands in quotes"
                + (KnownKey(e) is { } key ? $"; the value of {key} is not fit." : ".");
        }
    }

    /// <summary>The key whose value was refused; null where the message tells no key of Npgsql's own.</summary>
    static string? KnownKey(Exception refused) =>
        refused is ArgumentException { ParamName: { } name } && new NpgsqlConnectionStringBuilder().ContainsKey(name) ? name : null;

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}

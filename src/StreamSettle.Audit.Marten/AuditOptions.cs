using System.Text.RegularExpressions;
using StreamSettle.Audit.Encryption;
using StreamSettle.Kernel.Failures;
using StreamSettle.Postgres;

namespace StreamSettle.Audit.Marten;

/// <summary>Where the event log is. Configuration section <c>Audit</c>.</summary>
public sealed partial record AuditOptions
{
    /// <summary>PostgreSQL of the event log, in Npgsql's form. No default here; the service falls back to the source's server.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Schema of the event log's tables. Default <c>settlement</c>.</summary>
    public string Schema { get; init; } = "settlement";

    /// <summary>The master keys of personal data. Default: none, and nothing is encrypted.</summary>
    public KeyRing Keys { get; init; } = KeyRing.None;

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold. Never shows the connection string: it may hold a password.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (!SchemaName().IsMatch(Schema) || Schema.StartsWith("pg_", StringComparison.Ordinal))
        {
            yield return $"{section}:Schema must be 1 to 63 lower-case letters, digits and underscores, not begin with a digit or pg_, but is '{Schema}'.";
        }

        if (ConnectionText.Problem(ConnectionString, "audit") is { } problem)
        {
            yield return $"{section}:ConnectionString cannot be read: {problem}.";
        }
    }

    /// <exception cref="UserMistakeException">A rule is broken: all that are.</exception>
    /// <param name="others">What is wrong with options beside these.</param>
    internal void RequireSound(params IEnumerable<string> others)
    {
        if (Problems("Audit").Concat(others).ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }
    }

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}

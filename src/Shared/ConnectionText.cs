using Npgsql;

namespace StreamSettle.Postgres;

/// <summary>
/// What is wrong with a connection string, without any part of it: what Npgsql takes for a key may be a password, of a URL or of a value with a semicolon. Compiled
/// into each project that lets people give one; none of them may see another.
/// </summary>
static class ConnectionText
{
    /// <param name="database">What the example names as its database.</param>
    /// <returns>What was expected; null when it can be read and names a host.</returns>
    public static string? Problem(string connectionString, string database)
    {
        var expected = $"expected Npgsql's KEY=VALUE pairs between semicolons, at least Host, as in Host=db;Database={database};Username=settle; a value with a semicolon stands in quotes";
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };

            // The constructor checks also what belongs together; it opens nothing.
            using var connection = new NpgsqlConnection(builder.ConnectionString);
            return builder.Host is null or "" ? expected : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException or NotSupportedException)
        {
            return expected + (KnownKey(e) is { } key ? $"; the value of {key} is not fit" : "");
        }
    }

    /// <summary>The key whose value was refused; null where the message tells no key of Npgsql's own.</summary>
    static string? KnownKey(Exception refused) =>
        refused is ArgumentException { ParamName: { } name } && new NpgsqlConnectionStringBuilder().ContainsKey(name) ? name : null;
}

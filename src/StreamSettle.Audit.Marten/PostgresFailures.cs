using System.Net.Sockets;
using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten;

/// <summary>What PostgreSQL and the connection throw, turned into who must act.</summary>
internal static class PostgresFailures
{
    /// <summary>Null when the failure is none of the database's.</summary>
    public static Exception? Translate(Exception failure, string schema) => failure switch
    {
        PostgresException e => FromServer(e, schema),
        NpgsqlException or SocketException or IOException or TimeoutException => Away(failure),
        // Marten wraps what its migration met.
        { InnerException: { } inner } when inner is not OperationCanceledException => Translate(inner, schema),
        _ => null,
    };

    /// <summary>The failure in words for who must act; null for what is a mistake of ours.</summary>
    public static Exception? Expected(Exception failure, string schema) =>
        failure is UserMistakeException or EnvironmentFailedException or CorruptStateException ? failure : Translate(failure, schema);

    /// <summary>Two writers met on a stream: the whole transaction may be tried again at once.</summary>
    public static bool IsRace(PostgresException failure) => failure.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    static Exception FromServer(PostgresException e, string schema) => e.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => new UserMistakeException(
            $"The event log's role may not do what it must in schema '{schema}': {e.MessageText}. Grant it what the README of StreamSettle.Audit.Marten lists, or run the service once with the owner's role.", e),
        PostgresErrorCodes.InvalidCatalogName => new UserMistakeException(
            $"The event log's database is not there: {e.MessageText}. Create it, or correct Audit:ConnectionString.", e),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName =>
            new UserMistakeException($"Schema '{schema}' of the event log is not complete: {e.MessageText}. Start the service with a role that may create it, or correct Audit:Schema.", e),
        PostgresErrorCodes.SyntaxError => new UserMistakeException(
            $"Schema '{schema}' cannot be used: {e.MessageText}. It may be a word of SQL: choose another Audit:Schema.", e),
        PostgresErrorCodes.ForeignKeyViolation => new UserMistakeException($"The event log refused a row that belongs to nothing: {e.MessageText}.", e),
        _ when e.SqlState.StartsWith("28", StringComparison.Ordinal) => new UserMistakeException(
            $"The event log's server refuses the login: {e.MessageText}. Correct Audit:ConnectionString, or the server's pg_hba.conf.", e),
        _ when e.IsTransient || IsRace(e) || IsAway(e.SqlState) => Away(e),
        _ => new BrokenInvariantException($"The event log refused what was written ({e.SqlState}): {e.MessageText}", e),
    };

    // Connection, resources (disk full), rights to write after a failover (25006), operator's intervention, system and internal errors, rollbacks.
    static bool IsAway(string state) => state == PostgresErrorCodes.ReadOnlySqlTransaction || state[..2] is "08" or "53" or "55" or "57" or "58" or "XX" or "40";

    static EnvironmentFailedException Away(Exception e) => new($"The event log's database cannot be used now: {e.Message}", e);
}

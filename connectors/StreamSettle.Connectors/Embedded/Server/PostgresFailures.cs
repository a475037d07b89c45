using System.Net.Sockets;
using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Which failures pass by themselves, and what the others mean.</summary>
internal static class PostgresFailures
{
    /// <summary>Trying again from the last committed position may help.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ConfigurationLimitExceeded } => false,
        PostgresException e => e.IsTransient || e.SqlState.StartsWith("57", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal)
            || e.SqlState is PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.TooManyConnections,
        NpgsqlException or IOException or SocketException or TimeoutException or TransactionAbortedException or ObjectDisposedException => true,

        // Of a connection that is closed or broken already.
        InvalidOperationException { Source: nameof(Npgsql) } => true,

        // When the server is gone, Npgsql's status timer and its reader meet on the broken connection: then it fails by a null reference of its own, or by a
        // cancellation that nobody asked for. Whoever was asked to stop looks at that first.
        OperationCanceledException or NullReferenceException { Source: nameof(Npgsql) } => true,
        _ => false,
    };

    /// <summary>What the server refused, as an error with a remedy.</summary>
    public static Exception Explain(PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName =>
            new UserMistakeException($"the source refuses the connection: {failure.MessageText}. Check Source:ConnectionString and pg_hba.conf (replication connections too).", failure),
        PostgresErrorCodes.InsufficientPrivilege =>
            new UserMistakeException($"the source refuses: {failure.MessageText}. The role of Source:ConnectionString needs REPLICATION, SELECT on the tables, and no row-level security there.", failure),
        PostgresErrorCodes.DuplicateObject =>
            new UserMistakeException($"the source refuses: {failure.MessageText}. Another service made it at the same moment: give this one another Source:SlotName and Audit:Schema.", failure),
        PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire =>
            new UserMistakeException($"the source has a text that is none in its own encoding: {failure.MessageText}. Find the row (select ... where convert_to(COLUMN, 'UTF8') fails) and correct it.", failure),
        PostgresErrorCodes.ConfigurationLimitExceeded =>
            new UserMistakeException($"the source refuses: {failure.MessageText}. Raise max_replication_slots and max_wal_senders and restart it, or drop a slot that nobody uses.", failure),
        PostgresErrorCodes.UndefinedObject =>
            new UserMistakeException($"the source has lost what the stream reads by: {failure.MessageText}. Make the publication of Source:PublicationName for the three tables again; they are then read again.", failure),
        _ => new EnvironmentFailedException($"the source failed: {failure.SqlState} {failure.MessageText}", failure),
    };
}

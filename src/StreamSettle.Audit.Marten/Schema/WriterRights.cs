namespace StreamSettle.Audit.Marten.Schema;

/// <summary>What the service does with each of the event log's tables: the one list of what it is granted, and of what a start looks for.</summary>
internal static class WriterRights
{
    /// <summary>By table, as <c>GRANT</c> and <c>REVOKE</c> take them; reading is not repeated for each.</summary>
    public static IEnumerable<(string Name, string[] Rights)> Of(Tables tables) =>
    [
        // Of a stream Marten's appends move these two alone.
        (tables.Streams, ["insert", "update (version)", "update (timestamp)"]),
        (tables.Events, ["insert"]),
        (tables.Sequence, ["usage"]),
        // A start that fails takes back the registration under which nothing was written.
        (tables.Logs, ["insert", "update", "delete"]),
        (tables.Positions, ["insert", "update"]),
        (tables.Leaves, ["insert"]),
        (tables.Seals, ["insert", "insert (beside)"]),
        // Wrapped by another master key, or destroyed.
        (tables.Keys, ["insert", "update (wrapped)", "update (master_key)"]),
        (tables.Shreddings, ["insert"]),
        (tables.Notarisations, ["insert"]),
        (tables.NotarySteps, ["insert"]),
    ];
}

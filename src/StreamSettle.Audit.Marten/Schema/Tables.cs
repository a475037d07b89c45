namespace StreamSettle.Audit.Marten.Schema;

/// <summary>The tables' names, with the schema, quoted. Only a schema that <see cref="AuditOptions.Problems"/> passed comes here.</summary>
internal sealed class Tables(string schema)
{
    public string Schema { get; } = schema;

    /// <summary>Marten's.</summary>
    public string Streams { get; } = $"\"{schema}\".mt_streams";

    /// <summary>Marten's.</summary>
    public string Events { get; } = $"\"{schema}\".mt_events";

    /// <summary>Marten's.</summary>
    public string Sequence { get; } = $"\"{schema}\".mt_events_sequence";

    /// <summary>Marten's: how far projections are.</summary>
    public string Progression { get; } = $"\"{schema}\".mt_event_progression";

    public string Logs { get; } = $"\"{schema}\".streamsettle_logs";

    public string Positions { get; } = $"\"{schema}\".streamsettle_positions";

    public string Seals { get; } = $"\"{schema}\".streamsettle_seals";

    /// <summary>Merchants' keys of personal data, wrapped by a master key that is not in the database.</summary>
    public string Keys { get; } = $"\"{schema}\".streamsettle_keys";

    /// <summary>Which of them were destroyed, when, by whom and why.</summary>
    public string Shreddings { get; } = $"\"{schema}\".streamsettle_shreddings";

    /// <summary>Hashes of the sealed events, beside them.</summary>
    public string Leaves { get; } = $"\"{schema}\".streamsettle_leaves";

    /// <summary>What is given to notaries.</summary>
    public string Notarisations { get; } = $"\"{schema}\".streamsettle_notarisations";

    /// <summary>What notaries have done and given.</summary>
    public string NotarySteps { get; } = $"\"{schema}\".streamsettle_notary_steps";

    /// <summary>How often each projection was made anew.</summary>
    public string Projections { get; } = $"\"{schema}\".streamsettle_projections";

    /// <summary>A table by its bare name.</summary>
    public string Of(string table) => $"\"{Schema}\".{table}";
}

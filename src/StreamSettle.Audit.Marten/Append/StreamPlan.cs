namespace StreamSettle.Audit.Marten.Append;

/// <summary>A stream that an append touches.</summary>
internal sealed class StreamPlan(string id)
{
    public string Id { get; } = id;

    /// <summary>It has no row yet.</summary>
    public bool IsNew { get; private set; }

    public long LastVersion { get; private set; }

    /// <summary>Events that this append adds to it.</summary>
    public int Added { get; private set; }

    public void Start(long? lastVersion)
    {
        IsNew = lastVersion is null;
        LastVersion = lastVersion ?? 0;
    }

    public long Next()
    {
        Added++;
        return ++LastVersion;
    }
}

namespace StreamSettle.Sandbox.Postgres;

/// <summary>How a private PostgreSQL is set up.</summary>
public sealed record PrivatePostgresOptions
{
    /// <summary>Where it lives (data, log, socket, password). Null, the default, takes a new folder under the temporary one and deletes it in the end.</summary>
    public string? Directory { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The database made at the start. Default <c>shop</c>.</summary>
    public string Database { get; init; } = "shop";

    /// <summary>False turns fsync off: for tests, where a power cut may cost everything. Default true.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>True begins with an empty server even where an earlier run left one. Default false: it is used again.</summary>
    public bool Fresh { get; init; }

    /// <summary>Shared buffers in MB. Default 128.</summary>
    public int SharedBuffersMb { get; init; } = 128;

    /// <summary>Most connections. Default 100.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>More settings, as in <c>postgresql.conf</c>; they win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Port is < 0 or > 65535)
        {
            yield return $"{section}:Port must be 0 (any free one) to 65535, but is {Port}.";
        }

        if (string.IsNullOrWhiteSpace(Database) || Database.Contains('"'))
        {
            yield return $"{section}:Database must be a plain name, but is '{Database}'.";
        }

        if (SharedBuffersMb < 1)
        {
            yield return $"{section}:SharedBuffersMb must be at least 1, but is {SharedBuffersMb}.";
        }

        if (MaxConnections < 1)
        {
            yield return $"{section}:MaxConnections must be at least 1, but is {MaxConnections}.";
        }
    }
}

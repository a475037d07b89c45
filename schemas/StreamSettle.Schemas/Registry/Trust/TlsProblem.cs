namespace StreamSettle.Schemas.Registry.Trust;

/// <summary>What was wrong when a connection should have been made safe.</summary>
[Flags]
internal enum TlsProblem
{
    None = 0,

    /// <summary>Whoever issued the other side's certificate is not trusted.</summary>
    Authority = 1,

    /// <summary>Its certificate is not valid now.</summary>
    Time = 2,

    /// <summary>Its certificate is of another host.</summary>
    Host = 4,

    /// <summary>It closed the connection: it does not take what we showed, or wants something shown.</summary>
    Ours = 8,
}

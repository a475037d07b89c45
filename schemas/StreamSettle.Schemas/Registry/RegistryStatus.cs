using StreamSettle.Kernel.Time;

namespace StreamSettle.Schemas.Registry;

/// <summary>Whether records wait for the schema registry.</summary>
public abstract record RegistryStatus
{
    RegistryStatus()
    {
    }

    /// <summary>Every schema that was asked for is known, or the registry has said that there is none.</summary>
    public sealed record Answered : RegistryStatus;

    /// <summary>A record has a schema that is not known, and the registry has not answered.</summary>
    /// <param name="Schema">Of those that are asked for the one that has been waited for longest.</param>
    /// <param name="Since">When it was asked for first.</param>
    /// <param name="Reason">Why there is no answer. Has no secrets.</param>
    public sealed record Waiting(SchemaName Schema, UtcInstant Since, string Reason) : RegistryStatus;
}

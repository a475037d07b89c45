using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Encryption;

/// <summary>Where an encrypted field stands; at any other place it opens nothing.</summary>
internal readonly ref struct FieldPlace
{
    public required OrderId Order { get; init; }

    /// <summary>The event's derived id: order, kind and cause.</summary>
    public required Guid Event { get; init; }

    /// <summary>The JSON member, ASCII.</summary>
    public required string Member { get; init; }

    /// <summary>What stays readable in front of it.</summary>
    public required ReadOnlySpan<byte> Beginning { get; init; }
}

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>What a system remembers of a key.</summary>
internal sealed class KnownCall(byte[] body)
{
    /// <summary>As it arrived last, or as it was done.</summary>
    public byte[] Body { get; set; } = body;

    /// <summary>Null until it was done.</summary>
    public string? Receipt { get; set; }
}

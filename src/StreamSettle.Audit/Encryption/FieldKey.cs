namespace StreamSettle.Audit.Encryption;

/// <summary>What is known of the key that a field was encrypted by.</summary>
internal abstract record FieldKey
{
    FieldKey()
    {
    }

    /// <summary>It opens the field.</summary>
    public sealed record Open(DataKey Key) : FieldKey;

    /// <summary>It was destroyed: nobody can read the field any more.</summary>
    public sealed record Shredded : FieldKey;

    /// <summary>It is there, but closed.</summary>
    /// <param name="Why">For people.</param>
    public sealed record Closed(string Why) : FieldKey;
}

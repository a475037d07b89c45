namespace StreamSettle.Delivery.Asking;

/// <summary>What a system says of a call, asked by its key. Closed.</summary>
public abstract record RecordedCall
{
    RecordedCall()
    {
    }

    /// <summary>It is there.</summary>
    public sealed record Found(string Receipt) : RecordedCall;

    /// <summary>It never arrived.</summary>
    public sealed record Absent : RecordedCall
    {
        Absent()
        {
        }

        public static Absent Instance { get; } = new();
    }

    /// <summary>Not to be learned now: neither there nor absent.</summary>
    /// <param name="Why">Without anything of an answer's body.</param>
    public sealed record Unknown(string Why) : RecordedCall;
}

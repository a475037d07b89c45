namespace StreamSettle.Delivery.Answers;

/// <summary>How far a request came.</summary>
public enum Transmission
{
    /// <summary>Nothing that the system could act on left this machine: connection refused, name unknown, no TLS.</summary>
    NeverSent,

    /// <summary>Sent, at least in part, and no answer came: time-out, connection lost.</summary>
    Lost,

    /// <summary>An answer's status and headers came.</summary>
    Answered,
}

/// <summary>What the transport saw of a request. The body is valid only while it is handed over.</summary>
/// <param name="Status">HTTP status; 0 unless answered.</param>
/// <param name="Body">Empty where it did not come whole or was longer than allowed.</param>
/// <param name="Reason">Why there is no (whole) answer; empty for a whole one.</param>
public readonly record struct RawAnswer(Transmission Transmission, int Status, AnswerHeaders Headers, ReadOnlyMemory<byte> Body, string Reason)
{
    /// <summary>What of it must not be shown: the values that the request carried for authentication, which some systems send back in what they complain of.</summary>
    public IReadOnlyList<byte[]> Secrets { get; init; } = [];

    public static RawAnswer NeverSent(string reason) => new(Transmission.NeverSent, 0, AnswerHeaders.None, default, reason);

    public static RawAnswer Lost(string reason) => new(Transmission.Lost, 0, AnswerHeaders.None, default, reason);

    public static RawAnswer Answered(int status, AnswerHeaders headers, ReadOnlyMemory<byte> body) => new(Transmission.Answered, status, headers, body, "");

    /// <summary>The status came, the body did not come whole: the status counts, the body is no good answer.</summary>
    public static RawAnswer Truncated(int status, AnswerHeaders headers, string reason) => new(Transmission.Answered, status, headers, default, reason);
}

using StreamSettle.Delivery.Answers;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>What the scripted system does with a request.</summary>
abstract record Reply
{
    /// <summary>Does it and says so.</summary>
    public static Reply Ok { get; } = new Done();

    /// <summary>Does it, and the answer is lost.</summary>
    public static Reply DoneButLost { get; } = new Lost(Happens: true);

    /// <summary>Neither does it nor answers.</summary>
    public static Reply Vanished { get; } = new Lost(Happens: false);

    public static Reply Refused { get; } = new ConnectionRefused();

    /// <summary>Answers when the test says so.</summary>
    public static Reply Held { get; } = new Hold();

    public static Reply Of(int status, string body = "", string? retryAfter = null, bool happens = false) =>
        new Status(status, body, new() { RetryAfter = retryAfter }, happens);

    public sealed record Done : Reply
    {
        public AnswerHeaders Headers { get; init; } = AnswerHeaders.None;
    }

    public sealed record Lost(bool Happens) : Reply;

    public sealed record ConnectionRefused : Reply;

    public sealed record Hold : Reply;

    public sealed record Status(int Code, string Body, AnswerHeaders Headers, bool Happens) : Reply;
}

using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Groups;

namespace StreamSettle.Delivery.Channels;

/// <summary>One request to a downstream system. The transport completes it exactly once; what comes later is ignored.</summary>
public sealed class DownstreamRequest
{
    readonly IAnswerTaker taker;
    int completed;

    internal DownstreamRequest(IAnswerTaker taker, OutboundCall[] calls, string path, ReadOnlyMemory<byte> body, bool isBatch)
    {
        this.taker = taker;
        Calls = calls;
        Path = path;
        Body = body;
        IsBatch = isBatch;
        MaxAnswerBytes = (int)Math.Min(AnswerBytes + calls.Sum(call => ItemAnswerBytes + (long)call.FrozenLength), MostAnswerBytes);
    }

    /// <summary>Asks after a key without having a call under way: a GET.</summary>
    internal static DownstreamRequest Question(IAnswerTaker taker, string path) => new(taker, [], path, default, isBatch: false);

    /// <summary>POST; else a PATCH, or a GET.</summary>
    public bool IsPost => IsBatch || Calls is [{ Body: not null, IsPatch: false }, ..];

    /// <summary>It sends an invoice later.</summary>
    public bool IsPatch => Calls is [{ IsPatch: true }, ..];

    public bool IsBatch { get; }

    /// <summary>A batch whose system promises to work through a merchant's items in their order.</summary>
    internal bool IsInOrder { get; init; }

    /// <summary>Relative to the system's base URL, ready for the wire.</summary>
    public string Path { get; }

    /// <summary>Empty for a GET.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Header <c>Idempotency-Key</c>; null for a GET, and for a batch, whose items have their keys.</summary>
    public string? IdempotencyKey => IsPost && !IsBatch ? Calls[0].KeyText : null;

    /// <summary>Bodies of answers that are longer are not read.</summary>
    public int MaxAnswerBytes { get; }

    internal OutboundCall[] Calls { get; }

    /// <summary>It is to find out whether the system takes our credentials.</summary>
    internal bool IsProbe { get; set; }

    /// <summary>The breaker's when it started: its outcome counts in that one.</summary>
    internal int Round { get; set; }

    /// <summary>Of its calls those that are to find out whether a degraded system is well again.</summary>
    internal int BreakerProbes => Calls.Count(call => call.IsProbe);

    /// <summary>By whose share of the budget it is made.</summary>
    internal ChannelMember? Charged { get; set; }

    /// <summary>By whose turns, where a limit is smaller than the number of partitions.</summary>
    internal TurnClaim? Claim { get; set; }

    /// <summary>From the time provider's timestamps.</summary>
    internal long StartedAt { get; set; }

    // A system may answer with all that it was sent, so what is frozen comes on top.
    const int AnswerBytes = 1024 * 1024;
    const int ItemAnswerBytes = 4 * 1024;
    const int MostAnswerBytes = 256 * 1024 * 1024;

    /// <summary>Hands in the answer, from any thread.</summary>
    public void Complete(in RawAnswer answer)
    {
        if (Interlocked.Exchange(ref completed, 1) == 0)
        {
            taker.Completed(this, answer);
        }
    }
}

namespace StreamSettle.Delivery.Answers;

/// <summary>What an answer means for the call: the table of the contract, closed.</summary>
internal abstract record CallAnswer
{
    /// <summary>The effect exists; also what a GET found.</summary>
    internal sealed record Delivered(string Receipt) : CallAnswer;

    /// <summary>It will never be accepted as it is.</summary>
    internal sealed record Rejected(string Reason) : CallAnswer;

    /// <param name="IsAttempt">False for 429, and 503 with <c>Retry-After</c>.</param>
    /// <param name="After">Least time to wait; null where the answer does not say.</param>
    /// <param name="WholeSystem">The time is for every call to the system, not only this one.</param>
    /// <param name="MayHaveHappened">The system may have done it all the same: 408 and 5xx.</param>
    internal sealed record RetryLater(string Reason, bool IsAttempt, TimeSpan? After = null, bool WholeSystem = false, bool MayHaveHappened = false) : CallAnswer;

    /// <summary>401: says something of our credentials, nothing of the call.</summary>
    internal sealed record CredentialsRefused(string Reason) : CallAnswer;

    /// <summary>It may or may not have happened.</summary>
    internal sealed record Unknown(string Reason) : CallAnswer;

    /// <summary>The system could not be reached: nothing was sent.</summary>
    internal sealed record NeverSent(string Reason) : CallAnswer;

    /// <summary>The batch was refused as such, nothing is said of the item: it goes again at once.</summary>
    /// <param name="Singly">Alone from now on; else in a smaller batch.</param>
    /// <param name="MayHaveHappened">As of <see cref="RetryLater"/>: 501.</param>
    internal sealed record SendAgain(string Reason, bool Singly, bool MayHaveHappened = false) : CallAnswer;

    /// <summary>424 to an item of an ordered batch: one before it of its merchant and lane was not done, so it was not begun. Never sent: it goes again behind that one.</summary>
    internal sealed record NotReached(string Reason) : CallAnswer;

    /// <summary>Held back on this side after it was marked as sent: the system asked for a pause or refuses our credentials.</summary>
    internal sealed record Withheld : CallAnswer
    {
        internal static Withheld Instance { get; } = new();
    }

    /// <summary>A GET's 404: it never arrived.</summary>
    internal sealed record NotFound : CallAnswer
    {
        internal static NotFound Instance { get; } = new();
    }
}

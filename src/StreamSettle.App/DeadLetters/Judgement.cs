namespace StreamSettle.App.DeadLetters;

/// <summary>Whether what an operator asks of a dead letter can be done.</summary>
abstract record Judgement
{
    Judgement()
    {
    }

    /// <summary>Somebody will act on it.</summary>
    /// <param name="NeverCalculated">The event log proves that its order was never calculated.</param>
    /// <param name="Note">What the operator should know besides; null for nothing.</param>
    public sealed record Granted(bool NeverCalculated = false, string? Note = null) : Judgement;

    /// <summary>It cannot be done as things are; why, and what to do.</summary>
    public sealed record Refused(string Why) : Judgement;

    /// <summary>Nobody can say now whether it may be done: later again.</summary>
    public sealed record NotNow(string Why) : Judgement;
}

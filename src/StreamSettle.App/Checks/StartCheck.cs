namespace StreamSettle.App.Checks;

/// <summary>One thing that is looked at.</summary>
/// <param name="Look">What was found, in a line; throws what is wrong, with the remedy. Changes nothing.</param>
sealed record StartCheck(string Name, Func<CancellationToken, Task<string>> Look)
{
    /// <summary>A start does not wait for it: where it is away, the start fails.</summary>
    public bool MustBeThere { get; init; }

    /// <summary>A start is refused by what it finds; else <c>check</c> alone tells it.</summary>
    public bool RefusesStart { get; init; } = true;

    /// <summary>It needs what the one before it on the list has read; the others can be looked at beside each other.</summary>
    public bool NeedsTheOneBefore { get; init; }
}

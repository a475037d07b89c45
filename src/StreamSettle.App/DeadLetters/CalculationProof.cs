namespace StreamSettle.App.DeadLetters;

/// <summary>What the event log says about whether an order was ever calculated.</summary>
abstract record CalculationProof
{
    CalculationProof()
    {
    }

    /// <summary>It has every fact that was established up to now, and none says so.</summary>
    public sealed record Never : CalculationProof;

    /// <param name="RecordedAt">When, as the fact says.</param>
    public sealed record Calculated(string RecordedAt) : CalculationProof;

    /// <summary>Nobody can say now.</summary>
    public sealed record Unknown(string Why) : CalculationProof;
}

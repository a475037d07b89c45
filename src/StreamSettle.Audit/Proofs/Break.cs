namespace StreamSettle.Audit.Proofs;

/// <summary>Something that is not as it was sealed.</summary>
/// <param name="Where">The first place, for people: a seal, an event, or between which seals.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Sequence">Marten's number of the event that is another or too much; null where it is no single one that is there.</param>
public sealed record Break(string Where, string What, long? Sequence = null)
{
    public override string ToString() => $"{Where}: {What}";
}

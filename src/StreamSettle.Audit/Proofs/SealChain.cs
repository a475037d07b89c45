namespace StreamSettle.Audit.Proofs;

/// <summary>Takes the seals of an event log in the order of their numbers, and says where they stop to be what was signed. Not thread-safe.</summary>
/// <param name="known">The keys that are trusted, the older ones among them.</param>
/// <param name="exported">Seals that were kept elsewhere: each must be among them, unaltered.</param>
public sealed class SealChain(IReadOnlyCollection<SealKey> known, IReadOnlyCollection<SignedSeal> exported)
{
    readonly Dictionary<long, SignedSeal[]> expected = exported.GroupBy(one => one.Seal.Number).ToDictionary(same => same.Key, same => same.ToArray());
    readonly List<Seal> good = [];
    readonly List<Break> breaks = [];

    /// <summary>Those up to the first that is not right.</summary>
    public IReadOnlyList<Seal> Good => good;

    public IReadOnlyList<Break> Breaks => breaks;

    public void Add(SignedSeal one)
    {
        // Two that differ are two histories: one of them at least is not this one.
        expected.Remove(one.Seal.Number, out var all);
        var kept = all?.FirstOrDefault(other => other.Seal != one.Seal);
        var problem = one.Seal.ProblemAfter(good.LastOrDefault())
            ?? SealKey.Problem(one.Seal, one.Signature.Span, known)
            ?? (kept is null ? null : $"seal {one.Seal.Number} is another one than the exported: that has {kept.Seal.Events} events and the head {kept.Seal.Head}, this one {one.Seal.Events} and {one.Seal.Head}");
        if (breaks.Count > 0)
        {
            return;
        }

        if (problem is null)
        {
            good.Add(one.Seal);
        }
        else
        {
            Break(problem);
        }
    }

    /// <summary>The next seal cannot even be read.</summary>
    public void Break(string problem)
    {
        if (breaks.Count == 0)
        {
            breaks.Add(new($"seal {(good.LastOrDefault()?.Number ?? 0) + 1}", problem));
        }
    }

    /// <summary>After the last one: an exported seal that did not come is one that was taken away.</summary>
    public void End()
    {
        foreach (var kept in expected.Values.SelectMany(all => all).OrderBy(one => one.Seal.Number))
        {
            Break($"the seals end with number {good.LastOrDefault()?.Number ?? 0}, but seal {kept.Seal.Number} of {kept.Seal.SealedAt} was exported, over {kept.Seal.Events} events: it and whatever it sealed was taken away, or the database was restored to before it");
        }
    }
}

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What some events change of one report: which rows, and how. Collected before the rows are read, so that each is read and written once.</summary>
internal sealed class ReportChanges<T>
    where T : class
{
    readonly Dictionary<string, List<Func<T, T>>> changes = new(StringComparer.Ordinal);
    readonly Dictionary<string, Func<T>> fresh = new(StringComparer.Ordinal);

    public string[] Ids => [.. changes.Keys];

    /// <param name="newRow">The row where there is none yet.</param>
    public void Add(string id, Func<T> newRow, Func<T, T> change)
    {
        if (!changes.TryGetValue(id, out var list))
        {
            changes.Add(id, list = []);
            fresh.Add(id, newRow);
        }

        list.Add(change);
    }

    /// <summary>The changed rows.</summary>
    /// <param name="existing">Those of <see cref="Ids"/> that there are.</param>
    public T[] Apply(IEnumerable<T> existing, Func<T, string> id)
    {
        var before = existing.ToDictionary(id, StringComparer.Ordinal);
        return [.. changes.Select(row => row.Value.Aggregate(before.TryGetValue(row.Key, out var known) ? known : fresh[row.Key](), (at, change) => change(at)))];
    }
}

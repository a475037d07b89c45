namespace StreamSettle.Audit.Proofs;

/// <summary>The leaves that are kept beside the events, one after the other from the first place on, without a gap. Not thread-safe.</summary>
/// <param name="next">The next row by its first place; null after the last one.</param>
internal sealed class KeptLeaves(Func<ValueTask<LeafRow?>> next)
{
    LeafRow? row;
    int at;

    /// <summary>The place of <see cref="Current"/>.</summary>
    public long Place { get; private set; }

    /// <summary>Why they do not go on though there are more, or are not as they were written; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Null after the last one.</summary>
    public TreeHash? Current => row is { } here && Problem is null ? here.Hashes.Span[at] : null;

    /// <summary>Of the block that ends with <see cref="Current"/>; null where none does.</summary>
    public (TreeHash Root, long LastSequence)? BlockEnd => row is { BlockRoot: { } root, BlockLastSequence: { } last } here && at == here.Hashes.Length - 1 ? (root, last) : null;

    /// <summary>From <see cref="Current"/> on as far as they are at hand, but for the last of them.</summary>
    public ReadOnlySpan<TreeHash> AtHand => row is { } here && Problem is null ? here.Hashes.Span[at..^1] : default;

    public ValueTask StartAsync() => ReadAsync();

    /// <param name="count">At most those that are <see cref="AtHand"/>.</param>
    public void Skip(int count) => (at, Place) = (at + count, Place + count);

    public ValueTask MoveAsync()
    {
        Place++;
        return ++at < row!.Hashes.Length ? ValueTask.CompletedTask : ReadAsync();
    }

    async ValueTask ReadAsync()
    {
        (row, at) = (await next(), 0);
        if (row is { } here)
        {
            var isEnd = (here.First + here.Hashes.Length) % LeafRow.BlockSize == 0;
            Problem = here.First != Place ? $"the hashes kept from place {Place} on are missing"
                : here.Hashes.Length == 0 || here.First % LeafRow.BlockSize + here.Hashes.Length > LeafRow.BlockSize || isEnd != here.BlockRoot.HasValue || isEnd != here.BlockLastSequence.HasValue
                    ? $"the hashes kept from place {Place} on are not as they were written" : null;
        }
    }
}

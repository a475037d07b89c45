namespace StreamSettle.Audit.Proofs;

/// <summary>
/// Goes over all events that seals cover, in the order of their sequence numbers, and holds them against the seals and the kept leaves: the seals say whether something was changed, the leaves
/// what. Reads only as far as the first break. Costs one hash of the tree an event, and the same memory for any size. Not thread-safe.
/// </summary>
/// <param name="seals">Those that may be trusted (<see cref="SealChain"/>), from the first on.</param>
/// <param name="rows">The kept leaves' rows by their first place; null after the last one.</param>
/// <param name="hasAllSeals">False where seals behind these are known to be broken: then there may be leaves behind them.</param>
public sealed class LogWalk(IReadOnlyList<Seal> seals, Func<ValueTask<LeafRow?>> rows, bool hasAllSeals)
{
    readonly MerkleFrontier tree = new();
    readonly KeptLeaves kept = new(rows);
    readonly List<Break> breaks = [];
    Difference? difference;
    MerkleFrontier? before;
    long lastSequence;
    int next;
    bool isStarted;
    bool headDiffers;

    /// <summary>What was found: the events' first, if any; then that of the kept leaves, which prove nothing by themselves.</summary>
    public IReadOnlyList<Break> Breaks => [.. breaks, .. keptBreak is { } also ? (Break[])[also] : []];

    /// <summary>Events from the first on that are as the seals say.</summary>
    public long Proven => next == 0 ? 0 : seals[next - 1].Events;

    Break? keptBreak;

    /// <summary>Events behind those so far.</summary>
    /// <returns>False when nothing more has to be read.</returns>
    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<long> sequences, ReadOnlyMemory<TreeHash> leaves)
    {
        await StartAsync();
        for (var at = 0; at < leaves.Length && breaks.Count == 0; at++)
        {
            if (headDiffers)
            {
                // Beyond the seal, for the kind of difference alone.
                difference!.AddEvent(sequences.Span[at], leaves.Span[at]);
            }
            else if (next < seals.Count)
            {
                at += TakeSame(sequences.Span[at..], leaves.Span[at..]);
                await TakeAsync(sequences.Span[at], leaves.Span[at]);
            }

            if (headDiffers && difference!.HasAllEvents)
            {
                await LocateAsync();
            }
        }

        return breaks.Count == 0;
    }

    /// <summary>There are no more events.</summary>
    public async ValueTask EndAsync()
    {
        await StartAsync();
        if (breaks.Count == 0 && next < seals.Count)
        {
            difference ??= Differ();
            await LocateAsync();
        }

        if (breaks.Count == 0 && hasAllSeals && keptBreak is null && kept is { Current: not null, Place: var place } && place == Proven)
        {
            breaks.Add(new($"seal {seals.Count + 1}", $"it is missing: hashes are kept of events from place {place} on, but the seals end with {(seals.Count == 0 ? "none" : $"{seals.Count}, at {Proven} events")}. Later seals were taken away"));
        }
    }

    async ValueTask StartAsync()
    {
        if (!isStarted)
        {
            isStarted = true;
            await kept.StartAsync();
            NoteKept();
        }
    }

    /// <summary>The fast way: as far as nothing is to be looked at but whether they are the same, and the last of them left.</summary>
    /// <returns>How many were taken.</returns>
    int TakeSame(ReadOnlySpan<long> sequences, ReadOnlySpan<TreeHash> leaves)
    {
        if (difference is not null || keptBreak is not null)
        {
            return 0;
        }

        var atHand = kept.AtHand;
        var most = (int)Math.Min(Math.Min(atHand.Length, leaves.Length - 1), seals[next].Events - tree.Size - 1);
        var taken = 0;
        for (; taken < most && atHand[taken] == leaves[taken]; taken++)
        {
            tree.Append(leaves[taken]);
        }

        kept.Skip(taken);
        lastSequence = taken > 0 ? sequences[taken - 1] : lastSequence;
        return taken;
    }

    async ValueTask TakeAsync(long sequence, TreeHash leaf)
    {
        if (difference is null && keptBreak is null && kept.Current != leaf)
        {
            difference = Differ();
        }

        tree.Append(leaf);
        difference?.AddEvent(sequence, leaf);
        if (difference is null && keptBreak is null)
        {
            if (kept.BlockEnd is { } end && end != (tree.BlockRoot, sequence))
            {
                keptBreak = new($"kept hashes of place {kept.Place}", "the block's root that is kept beside them is not theirs");
            }

            await kept.MoveAsync();
            NoteKept();
        }

        lastSequence = difference is null ? sequence : lastSequence;
        if (tree.Size == seals[next].Events)
        {
            await HoldAsync(seals[next], sequence);
        }
    }

    /// <summary>Everything that a seal covers has been read.</summary>
    async ValueTask HoldAsync(Seal seal, long sequence)
    {
        if (tree.Root == seal.Head && sequence == seal.LastSequence)
        {
            if (difference is { } wrong)
            {
                keptBreak = new($"kept hashes of place {wrong.Place}", "they are not those of the events, which are as they were sealed: what is kept beside the events was altered");
                (difference, before, lastSequence) = (null, null, sequence);
            }

            // Those behind it that were made for what stands beside the events are over the same ones, as their chain says.
            for (next++; next < seals.Count && seals[next].Events == seal.Events; next++)
            {
            }
        }
        else if (difference is null)
        {
            breaks.Add(Between(seal));
        }
        else
        {
            headDiffers = true;
            if (difference.HasAllEvents)
            {
                await LocateAsync();
            }
        }
    }

    /// <summary>The seal does not hold. If the kept leaves are those that it was made over, they say where.</summary>
    async ValueTask LocateAsync()
    {
        var seal = seals[next];
        while (keptBreak is null && kept.Current is { } leaf && (before!.Size < seal.Events || !difference!.HasAllKept))
        {
            if (before!.Size < seal.Events)
            {
                before.Append(leaf);
            }

            difference!.AddKept(leaf);
            await kept.MoveAsync();
        }

        breaks.Add(before!.Size == seal.Events && before.Root == seal.Head ? difference!.Tell() : Between(seal));
        (difference, headDiffers) = (null, false);
    }

    Difference Differ()
    {
        before = tree.Copy();
        return new(tree.Size, lastSequence);
    }

    void NoteKept()
    {
        if (kept.Problem is { } problem)
        {
            keptBreak ??= new($"kept hashes of place {kept.Place}", $"{problem}: what is kept beside the events was altered");
        }
    }

    /// <summary>The hashes by which it could be told more exactly were altered too, or are missing.</summary>
    Break Between(Seal seal)
    {
        var first = next == 0 ? 1 : seals[next - 1].LastSequence + 1;
        return new(
            $"events {first} to {seal.LastSequence} (places {Proven} to {seal.Events - 1})",
            $"they are not as seal {seal.Number} of {seal.SealedAt} says, and the hashes that are kept of them do not tell which: those were altered too");
    }
}

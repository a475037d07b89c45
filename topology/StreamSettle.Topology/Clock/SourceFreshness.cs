namespace StreamSettle.Topology.Clock;

/// <summary>
/// Whether all clock tasks have processed what stood in the source less than the bound ago. It is so while each has processed up to a <see cref="ReadPoint"/>
/// younger than the bound: a silent source, a link that is cut or swallows everything, a stream or a task that is behind and a process that stood still all end
/// it in the same way. Once it has ended only points from afterwards count: what happened meanwhile is read before anything goes on. Not thread-safe.
/// </summary>
sealed class SourceFreshness(TimeProvider time, TimeSpan silence)
{
    /// <summary>Before every instant.</summary>
    const long Never = long.MinValue;

    // Oldest first; only those that can still prove something, so it holds a handful.
    readonly List<ReadPoint> points = [];

    // By partition, when the youngest point that its task has processed up to was taken.
    long[] proven = [];

    // By partition, that point's end: all that stood in the source when it was taken lies below.
    long[] readEnds = [];

    // By partition, that point's whole end: up to there whole transactions were processed.
    long[] provenEnds = [];

    // Partitions whose clock tasks run in this process and say themselves where they stand.
    readonly HashSet<int> own = [];

    // By partition of others, up to where their clock tasks report to have processed.
    readonly Dictionary<int, long> reported = [];
    long lowestProven = Never;
    long endedAt = Never;
    long lastHeard = Never;

    public bool IsFresh { get; private set; }

    /// <summary>It has been fresh at some time.</summary>
    public bool WasFresh { get; private set; }

    /// <summary>The present one; null while it is not fresh.</summary>
    public SourceEpoch? Epoch { get; private set; }

    /// <summary>Nothing has been heard for longer than the bound.</summary>
    public bool IsSilent => !IsYoung(lastHeard);

    /// <summary>Since the youngest point was taken, or since it ended where none has been since; null before the first.</summary>
    public TimeSpan? SilentFor => lastHeard == Never ? null : time.GetElapsedTime(lastHeard);

    /// <summary>Ends it when its time is over. Comes before every use, so that no end is missed.</summary>
    public void Expire()
    {
        if (IsFresh && !IsYoung(lowestProven))
        {
            End();
        }
    }

    /// <summary>The offset up to which a clock task has processed whole transactions of the source; what stands from there on may be half of one. 0 where nothing is proven.</summary>
    public long ProvenEnd(int partition) => partition < provenEnds.Length ? provenEnds[partition] : 0;

    /// <summary>Some clock tasks run elsewhere, and what they and ours prove is known by reports alone.</summary>
    public bool IsShared => own.Count < proven.Length;

    /// <summary>The clock task of a partition begins anew here: what it proved may have rested on a transaction that was never committed.</summary>
    public void Begin(int partition)
    {
        own.Add(partition);
        reported.Remove(partition);
        if (partition < proven.Length)
        {
            (proven[partition], readEnds[partition], provenEnds[partition]) = (Never, 0, 0);
            lowestProven = Never;
            Expire();
        }
    }

    /// <summary>The clock task of a partition is not here any more: others say where it stands.</summary>
    public void Leave(int partition) => own.Remove(partition);

    /// <summary>The clock task of a partition reports up to where it has processed; our own says so itself. A place in the log means the same to all.</summary>
    public void Report(int partition, long provenEnd)
    {
        if (!own.Contains(partition))
        {
            reported[partition] = provenEnd;
            Processed(partition, provenEnd);
        }
    }

    /// <summary>Ends it now.</summary>
    public void End()
    {
        IsFresh = false;
        Epoch = null;
        endedAt = time.GetTimestamp();
        points.Clear();
        Array.Fill(proven, Never);
        Array.Fill(readEnds, 0);
        Array.Fill(provenEnds, 0);
        lowestProven = Never;
    }

    public void Heard(ReadPoint point)
    {
        lastHeard = Math.Max(lastHeard, point.At);
        if (point.At < endedAt)
        {
            return;
        }

        if (proven.Length != point.Ends.Count)
        {
            proven = new long[point.Ends.Count];
            readEnds = new long[point.Ends.Count];
            provenEnds = new long[point.Ends.Count];
            Array.Fill(proven, Never);
        }

        points.RemoveAll(known => !IsYoung(known.At) || (known.Ends.SequenceEqual(point.Ends) && known.WholeEnds.SequenceEqual(point.WholeEnds)));
        points.Add(point);
        for (var partition = 0; partition < proven.Length && IsShared; partition++)
        {
            if (!own.Contains(partition))
            {
                Processed(partition, reported.GetValueOrDefault(partition));
            }
        }
    }

    /// <summary>The clock task of a partition stands at an offset; after an aborted commit it may be a lower one than before.</summary>
    public void Processed(int partition, long position)
    {
        if (partition >= proven.Length)
        {
            return;
        }

        var youngest = YoungestBelow(partition, position);
        var at = youngest?.At ?? Never;
        (readEnds[partition], provenEnds[partition]) = (youngest?.Ends[partition] ?? 0, youngest?.WholeEnds[partition] ?? 0);
        if (at != proven[partition])
        {
            proven[partition] = at;
            lowestProven = proven.Min();
            Expire();
        }

        if (!IsFresh && IsYoung(lowestProven))
        {
            IsFresh = WasFresh = true;
            Epoch = new([.. readEnds]);
        }
    }

    ReadPoint? YoungestBelow(int partition, long position)
    {
        for (var i = points.Count - 1; i >= 0; i--)
        {
            if (position >= points[i].Ends[partition])
            {
                return points[i];
            }
        }

        return null;
    }

    bool IsYoung(long at) => at != Never && time.GetElapsedTime(at) < silence;
}

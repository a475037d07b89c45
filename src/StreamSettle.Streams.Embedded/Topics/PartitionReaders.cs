namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>Who is to be told that records of one partition came: those that read it, and nobody else, because each wake-up costs a look at everything that its thread reads.</summary>
internal sealed class PartitionReaders
{
    readonly Lock gate = new();
    WakeSignal[] signals = [];

    public void Add(WakeSignal signal)
    {
        lock (gate)
        {
            Volatile.Write(ref signals, [.. signals, signal]);
        }
    }

    /// <summary>One registration of it; the same client may read a partition as a member and by assignment.</summary>
    public void Remove(WakeSignal signal)
    {
        lock (gate)
        {
            var at = Array.IndexOf(signals, signal);
            Volatile.Write(ref signals, [.. signals[..at], .. signals[(at + 1)..]]);
        }
    }

    /// <param name="except">Whoever brought the records: it looks before it waits.</param>
    public void Tell(WakeSignal except)
    {
        foreach (var signal in Volatile.Read(ref signals))
        {
            if (signal != except)
            {
                signal.Tell();
            }
        }
    }
}

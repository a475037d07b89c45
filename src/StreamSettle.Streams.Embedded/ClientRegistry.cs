namespace StreamSettle.Streams.Embedded;

/// <summary>Who is to be told that records came.</summary>
internal sealed class ClientRegistry
{
    readonly Lock gate = new();
    WakeSignal[] signals = [];

    public void Add(WakeSignal signal)
    {
        lock (gate)
        {
            signals = [.. signals, signal];
        }
    }

    public void Remove(WakeSignal signal)
    {
        lock (gate)
        {
            signals = [.. signals.Where(other => other != signal)];
        }
    }

    public void TellAll()
    {
        foreach (var signal in Volatile.Read(ref signals))
        {
            signal.Tell();
        }
    }
}

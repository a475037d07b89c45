using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Crosscutting;
using Streamiz.Kafka.Net.Processors;
using Streamiz.Kafka.Net.State.Enumerator;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>
/// A task's store as Streamiz sees it. It says that it is not local, so Streamiz neither restores it nor writes its changelog: what was written since the last commit is in memory over the
/// local copy, goes to the changelog with the commit, and into the copy after it.
/// </summary>
sealed class HostedStore(string name, HostedWork? work) : global::Streamiz.Kafka.Net.State.IKeyValueStore<Bytes, byte[]>
{
    int partition;

    public string Name => name;

    public bool Persistent => false;

    public bool IsLocally => false;

    public bool IsOpen { get; private set; }

    public void Init(ProcessorContext context, IStateStore root)
    {
        partition = context.Id.Partition;
        context.Register(root, (_, _, _) => throw new BrokenInvariantException($"Streamiz restores the store '{name}', which restores itself"));
        IsOpen = true;
    }

    public void Flush()
    {
    }

    public void Close() => IsOpen = false;

    public byte[] Get(Bytes key) => Content.TryGet(key.Get, out var value) ? value.ToArray() : null!;

    public void Put(Bytes key, byte[] value)
    {
        if (value is null)
        {
            Content.Delete(key.Get);
        }
        else
        {
            Content.Put(key.Get, value);
        }
    }

    public byte[] PutIfAbsent(Bytes key, byte[] value)
    {
        var old = Get(key);
        if (old is null)
        {
            Put(key, value);
        }

        return old!;
    }

    public void PutAll(IEnumerable<KeyValuePair<Bytes, byte[]>> entries)
    {
        foreach (var (key, value) in entries)
        {
            Put(key, value);
        }
    }

    public byte[] Delete(Bytes key)
    {
        var old = Get(key);
        Content.Delete(key.Get);
        return old;
    }

    public long ApproximateNumEntries() => All().LongCount();

    public IEnumerable<KeyValuePair<Bytes, byte[]>> All() => Entries(default, default, reverse: false);

    public IEnumerable<KeyValuePair<Bytes, byte[]>> ReverseAll() => Entries(default, default, reverse: true);

    public IKeyValueEnumerator<Bytes, byte[]> Range(Bytes from, Bytes to) => new HostedScan(Entries(from.Get, After(to), reverse: false));

    public IKeyValueEnumerator<Bytes, byte[]> ReverseRange(Bytes from, Bytes to) => new HostedScan(Entries(from.Get, After(to), reverse: true));

    OverlayStore Content => work?.Store(name, partition) ?? throw new BrokenInvariantException($"the store '{name}' is used before its task runs");

    /// <summary>Streamiz' ranges end with the last key, ours before it.</summary>
    static byte[] After(Bytes key) => [.. key.Get, 0];

    List<KeyValuePair<Bytes, byte[]>> Entries(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool reverse)
    {
        var entries = new List<KeyValuePair<Bytes, byte[]>>();
        using var scan = Content.Scan(from, to, reverse);
        while (scan.MoveNext())
        {
            entries.Add(new(Bytes.Wrap(scan.Key.ToArray()), scan.Value.ToArray()));
        }

        return entries;
    }
}

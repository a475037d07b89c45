using System.Collections;
using Streamiz.Kafka.Net.Crosscutting;
using Streamiz.Kafka.Net.State.Enumerator;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Entries as Streamiz walks them.</summary>
sealed class HostedScan(List<KeyValuePair<Bytes, byte[]>> entries) : IKeyValueEnumerator<Bytes, byte[]>
{
    int at = -1;

    public KeyValuePair<Bytes, byte[]>? Current => entries[at];

    object IEnumerator.Current => Current!;

    public bool MoveNext() => ++at < entries.Count;

    public Bytes PeekNextKey() => at + 1 < entries.Count ? entries[at + 1].Key : null!;

    public void Reset() => at = -1;

    public void Dispose()
    {
    }
}

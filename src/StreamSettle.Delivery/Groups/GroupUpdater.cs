using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Groups;

/// <summary>Keeps the global store <c>downstream-budgets</c>, and hands each record to the channel of its system: also this instance's own, which it hears in the log's order.</summary>
internal sealed class GroupUpdater(Func<Leg, DownstreamChannel> channels) : IProcessor<GroupKey, GroupRecord>
{
    internal const string Store = "downstream-budgets";

    readonly ByteBuffer key = new();
    readonly ByteBuffer value = new();
    IKeyValueStore kept = null!;

    public void Init(ProcessorContext context)
    {
        kept = context.Store(Store);
        using var scan = kept.Scan([], []);
        while (scan.MoveNext())
        {
            var about = GroupKey.Read(scan.Key);
            channels(about.Leg).Recall(about, GroupRecord.Read(scan.Value));
        }
    }

    public void Process(scoped in Record<GroupKey, GroupRecord> record)
    {
        key.Clear();
        record.Key.Write(new(key));
        value.Clear();
        record.Value.Write(new(value));
        kept.Put(key.Written, value.Written);
        channels(record.Key.Leg).Hear(record.Key, record.Value);
    }
}

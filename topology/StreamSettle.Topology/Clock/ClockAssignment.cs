using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Numbers the times that a clock's partition was taken over. The number is part of the task's own state: whoever takes the partition over restores it and counts one
/// on, so it grows with every owner that committed anything, on any transport, and a member that was replaced without knowing still has a lower one.
/// </summary>
/// <remarks><code>number(varint)</code></remarks>
sealed class ClockAssignment : ClockRecord
{
    public ClockAssignment(IKeyValueStore store)
        : base(store)
    {
        Open();
        Number++;
        IsChanged = true;
    }

    public long Number { get; private set; }

    protected override ReadOnlySpan<byte> Key => "assignment"u8;

    protected override void Read(ref ByteReader from) => Number = from.VarInt64();

    protected override void Write(ByteWriter to) => to.VarInt64(Number);
}

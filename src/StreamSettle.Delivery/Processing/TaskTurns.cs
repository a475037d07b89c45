using System.Buffers.Binary;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Groups;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Processing;

/// <summary>
/// The turns that a task claimed and has not ended, in its store, in the transactions that tell the group of them. Who finds some cannot know whether a request was
/// made by them, or is; it ends them when none can be any more.
/// </summary>
/// <remarks>
/// <code>
///  key   = 'K' | window, us(8) | index(4, BE)
///  value = number(varint)
/// </code>
/// </remarks>
internal sealed class TaskTurns(ProcessorContext context, DownstreamChannel channel, IKeyValueStore store, DeliveryOutputs outputs)
{
    const byte Prefix = (byte)'K';
    const int KeySize = 1 + sizeof(long) + sizeof(int);

    readonly ByteBuffer value = new(16);
    readonly List<Turn> found = [];
    MonotonicInstant foundUntil;

    /// <summary>Looks for what was claimed before.</summary>
    internal void Open()
    {
        using var scan = store.Scan([Prefix], [Prefix + 1]);
        while (scan.MoveNext())
        {
            found.Add(Read(scan.Key, scan.Value));
        }

        foundUntil = GroupBudget.MayBeUsedUntil(channel.Options, context.MonotonicTime);
    }

    /// <summary>Time has passed: what was found is over.</summary>
    internal void Tick()
    {
        if (found.Count > 0 && context.MonotonicTime >= foundUntil)
        {
            End(found);
            found.Clear();
        }
    }

    internal void Claim(TurnClaim claim)
    {
        foreach (var turn in claim.Turns)
        {
            value.Clear();
            new ByteWriter(value).VarUInt64((ulong)turn.Number);
            store.Put(Key(turn), value.Written);
            Tell(turn, new GroupRecord.Claimed(turn.Number, channel.Run, claim.No));
        }
    }

    /// <summary>Forgets a claim, and tells the group which of its turns are over.</summary>
    internal void End(TurnClaim claim, IReadOnlyList<Turn> over)
    {
        End(over);
        Array.ForEach(claim.Turns, Forget);
    }

    void End(IReadOnlyList<Turn> over)
    {
        foreach (var turn in over)
        {
            Tell(turn, new GroupRecord.Over(turn.Number));
            Forget(turn);
        }
    }

    /// <summary>A later use that was claimed since stays.</summary>
    void Forget(Turn turn)
    {
        var key = Key(turn);
        if (store.TryGet(key, out var bytes) && (long)new ByteReader(bytes).VarUInt64() == turn.Number)
        {
            store.Delete(key);
        }
    }

    void Tell(Turn turn, GroupRecord record) => outputs.Tell(new(channel.Leg, turn.Window, turn.Index), record, context.SystemTime);

    static byte[] Key(Turn turn)
    {
        var key = new byte[KeySize];
        key[0] = Prefix;
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(1), turn.Window.Ticks / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1 + sizeof(long)), turn.Index);
        return key;
    }

    static Turn Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> number) => key.Length == KeySize
        ? new(
            TimeSpan.FromMicroseconds(BinaryPrimitives.ReadInt64BigEndian(key[1..])), BinaryPrimitives.ReadInt32BigEndian(key[(1 + sizeof(long))..]),
            (long)new ByteReader(number).VarUInt64())
        : throw new CorruptStateException($"a turn's key has {KeySize} bytes, but there are {key.Length}");
}

using System.Buffers.Binary;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Calls;

/// <summary>The calls of one task in its store.</summary>
/// <remarks>
/// <code>
///  'C' | call                 -> state, see CallStateCodec; until its order is forgotten, which is never settled anew: a key is never new twice (I3)
///  'B' | call                 -> the bytes as they were given, written once, until the call is confirmed or discarded, and its invoice sent (I4)
///  'D' | call                 -> 1: a dead letter
///  'A' | call                 -> 1: a dead letter that is being discarded and asked for first
///  'P' | call                 -> 1: a confirmed call whose invoice is to be sent
///  'O' | call                 -> 1: it waits apart from its lane, because its order is held
///  'Q' | merchant, lane, no   -> call    : the calls that are not over in their order, see QueueKey (I5)
///  'W' | merchant, lane       -> how far calls were under way with the first of their lane, see ReachKey
///  'U' | ...                  -> see BudgetStore
///  'T'                        -> see TermsStore
///  'M'                        -> see StoreClock
/// </code>
/// The call is <see cref="StoredCallKey"/>'s.
/// </remarks>
internal sealed class CallStore(IKeyValueStore store, Leg leg)
{
    const byte StatePrefix = (byte)'C';
    const byte BodyPrefix = (byte)'B';
    const byte DeadPrefix = (byte)'D';
    const byte DiscardPrefix = (byte)'A';
    const byte InvoicePrefix = (byte)'P';
    const byte ApartPrefix = (byte)'O';
    const int KeySize = 1 + StoredCallKey.MaxSize;

    readonly ByteBuffer value = new();

    internal bool TryLoad(CallKey call, out CallState state)
    {
        Span<byte> key = stackalloc byte[KeySize];
        var found = store.TryGet(Key(StatePrefix, call, key), out var bytes);
        state = found ? CallStateCodec.Read(bytes) : default;
        return found;
    }

    /// <exception cref="CorruptStateException">The call is queued and has no state.</exception>
    internal CallState Load(CallKey call) =>
        TryLoad(call, out var state) ? state : throw new CorruptStateException($"the call {call} is queued but has no state");

    internal void Save(CallKey call, in CallState state)
    {
        value.Clear();
        CallStateCodec.Write(state, new ByteWriter(value));
        Span<byte> key = stackalloc byte[KeySize];
        store.Put(Key(StatePrefix, call, key), value.Written);
    }

    internal void Forget(CallKey call) => Delete(StatePrefix, call);

    internal void Freeze(CallKey call, ReadOnlySpan<byte> body)
    {
        Span<byte> key = stackalloc byte[KeySize];
        store.Put(Key(BodyPrefix, call, key), body);
    }

    /// <summary>The frozen bytes; of a confirmed call that owes its invoice this alone.</summary>
    /// <exception cref="CorruptStateException">The call has no bytes.</exception>
    internal byte[] Body(CallKey call, in CallState state)
    {
        Span<byte> key = stackalloc byte[KeySize];
        if (!store.TryGet(Key(BodyPrefix, call, key), out var body))
        {
            throw new CorruptStateException($"the frozen bytes of the call {call} are gone");
        }

        return state.IsOwingInvoice ? InvoiceCut.Alone(body, state.InvoiceAt) : state.LeavesOutInvoice ? InvoiceCut.Without(body, state.InvoiceAt) : body.ToArray();
    }

    internal void DropBody(CallKey call) => Delete(BodyPrefix, call);

    internal void MarkDead(CallKey call) => Mark(DeadPrefix, call);

    internal void UnmarkDead(CallKey call) => Delete(DeadPrefix, call);

    internal void MarkBeingDiscarded(CallKey call) => Mark(DiscardPrefix, call);

    internal void UnmarkBeingDiscarded(CallKey call) => Delete(DiscardPrefix, call);

    internal void MarkOwingInvoice(CallKey call) => Mark(InvoicePrefix, call);

    internal void UnmarkOwingInvoice(CallKey call) => Delete(InvoicePrefix, call);

    internal void MarkApart(CallKey call) => Mark(ApartPrefix, call);

    internal void UnmarkApart(CallKey call) => Delete(ApartPrefix, call);

    /// <summary>The dead letters that are being discarded, and the confirmed calls whose invoices are to be sent: each in a lane of its own.</summary>
    internal IEnumerable<CallKey> Alone() => Marked(DiscardPrefix).Concat(Marked(InvoicePrefix));

    /// <summary>The calls that wait apart because their orders are held.</summary>
    internal List<CallKey> Apart() => Marked(ApartPrefix);

    List<CallKey> Marked(byte prefix)
    {
        var calls = new List<CallKey>();
        using var scan = store.Scan([prefix], [(byte)(prefix + 1)]);
        while (scan.MoveNext())
        {
            calls.Add(StoredCallKey.Read(scan.Key[1..], leg));
        }

        return calls;
    }

    internal int CountDead()
    {
        var count = 0;
        using var scan = store.Scan([DeadPrefix], [DeadPrefix + 1]);
        while (scan.MoveNext())
        {
            count++;
        }

        return count;
    }

    internal void Enqueue(CallKey call, in CallState state)
    {
        Span<byte> place = stackalloc byte[QueueKey.Size];
        new QueueKey(state.Merchant, state.Lane, state.QueueNo).Write(place);
        Span<byte> key = stackalloc byte[StoredCallKey.MaxSize];
        store.Put(place, key[..StoredCallKey.Write(call, key)]);
    }

    internal void Dequeue(in CallState state)
    {
        Span<byte> place = stackalloc byte[QueueKey.Size];
        new QueueKey(state.Merchant, state.Lane, state.QueueNo).Write(place);
        store.Delete(place);
    }

    /// <summary>Visits every queued call, lane by lane in order.</summary>
    internal void VisitQueue(Action<QueueKey, CallKey> visit)
    {
        using var scan = store.Scan([QueueKey.Prefix], [QueueKey.Prefix + 1]);
        while (scan.MoveNext())
        {
            visit(QueueKey.Read(scan.Key), StoredCallKey.Read(scan.Value, leg));
        }
    }

    /// <summary>Calls of a lane in their order, from a place on to before another.</summary>
    internal List<(long No, CallKey Key)> Queued(LaneKey lane, long fromNo, long endNo, int most)
    {
        Span<byte> from = stackalloc byte[QueueKey.Size];
        Span<byte> to = stackalloc byte[QueueKey.Size];
        new QueueKey(lane.Merchant, lane.Lane, fromNo).Write(from);
        new QueueKey(lane.Merchant, lane.Lane, endNo).Write(to);
        var queued = new List<(long, CallKey)>();
        using var scan = store.Scan(from, to);
        while (queued.Count < most && scan.MoveNext())
        {
            queued.Add((QueueKey.Read(scan.Key).No, StoredCallKey.Read(scan.Value, leg)));
        }

        return queued;
    }

    /// <summary>Reads the calls of a lane that come after <paramref name="no"/>, until there are <paramref name="most"/>.</summary>
    internal void ReadAhead(CallLane lane, long no, List<(long No, CallKey Key)> into, int most)
    {
        Span<byte> from = stackalloc byte[QueueKey.Size];
        Span<byte> to = stackalloc byte[QueueKey.Size];
        new QueueKey(lane.Key.Merchant, lane.Key.Lane, no + 1).Write(from);
        new QueueKey(lane.Key.Merchant, lane.Key.Lane, long.MaxValue).Write(to);
        using var scan = store.Scan(from, to);
        while (into.Count < most && scan.MoveNext())
        {
            into.Add((QueueKey.Read(scan.Key).No, StoredCallKey.Read(scan.Value, leg)));
        }
    }

    /// <summary>Calls of the lane up to a place are under way with its first one.</summary>
    internal void KeepReach(ReachKey lane, long no)
    {
        Span<byte> key = stackalloc byte[ReachKey.Size];
        lane.Write(key);
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, no);
        store.Put(key, place);
    }

    internal void DropReach(ReachKey lane)
    {
        Span<byte> key = stackalloc byte[ReachKey.Size];
        lane.Write(key);
        store.Delete(key);
    }

    /// <summary>How far calls were under way with the first of their lanes.</summary>
    /// <exception cref="CorruptStateException">The bytes are no place of ours.</exception>
    internal List<(ReachKey Lane, long No)> Reaches()
    {
        var reaches = new List<(ReachKey, long)>();
        using var scan = store.Scan([ReachKey.Prefix], [ReachKey.Prefix + 1]);
        while (scan.MoveNext())
        {
            reaches.Add((ReachKey.Read(scan.Key), BinaryPrimitives.TryReadInt64BigEndian(scan.Value, out var no)
                ? no
                : throw new CorruptStateException($"a lane's reach has {sizeof(long)} bytes, but there are {scan.Value.Length}")));
        }

        return reaches;
    }

    void Mark(byte prefix, CallKey call)
    {
        Span<byte> key = stackalloc byte[KeySize];
        store.Put(Key(prefix, call, key), [1]);
    }

    void Delete(byte prefix, CallKey call)
    {
        Span<byte> key = stackalloc byte[KeySize];
        store.Delete(Key(prefix, call, key));
    }

    static ReadOnlySpan<byte> Key(byte prefix, CallKey call, Span<byte> destination)
    {
        destination[0] = prefix;
        return destination[..(1 + StoredCallKey.Write(call, destination[1..]))];
    }
}

using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Payouts;

/// <summary>
/// The splits that payout terms keep back, by what they wait for. It follows the settlements and has nothing that they do not say, but for which groups are being let go;
/// so a rebuild fills it by itself. What each look costs follows what may go, never what waits.
/// </summary>
sealed class WaitingPayouts(IKeyValueStore store, TaskPayouts sight)
{
    readonly GatheringPayouts gathering = new(store, sight);
    readonly ClearedPlace due = new();
    readonly ByteBuffer scratch = new();

    /// <summary>Nothing waits at all.</summary>
    public bool IsEmpty => sight.IsEmpty;

    /// <summary>A settlement has changed; null for one that is not known, yet or any more.</summary>
    public void Move(OrderId order, SettlementState? before, SettlementState? after)
    {
        var (left, joined) = (WaitingPayout.Of(order, before), WaitingPayout.Of(order, after));
        if (left == joined)
        {
            return;
        }

        if (left is { } gone)
        {
            Remove(gone);
        }

        if (joined is { } come)
        {
            Add(come);
        }
    }

    /// <summary>Splits of the merchant's lane may go by now and have not gone yet, or are being let go: what may go only now waits behind them (I5).</summary>
    public bool IsBehind(MerchantId merchant, Lane lane, UtcInstant now)
    {
        if (IsEmpty)
        {
            return false;
        }

        Span<byte> first = stackalloc byte[PayoutKeys.MaxSize], from = stackalloc byte[PayoutKeys.MaxSize], to = stackalloc byte[PayoutKeys.MaxSize];
        var begin = PayoutKeys.OfLane(from, merchant, lane, due.From(PayoutKeys.From(first, PayoutKeys.Due, UtcInstant.MinValue)));
        return (sight.IsAnyDue(now) && Any(begin, PayoutKeys.OfLane(to, merchant, lane, Behind(now)))) || gathering.IsLetGo(merchant);
    }

    /// <summary>A group gathers for the merchant in that currency.</summary>
    public PayoutGroup? Group(PayoutGroupId id) => gathering.Find(id);

    /// <summary>Those that may go by now, by the time from which on they may, then by mark.</summary>
    public StoreScan Due(UtcInstant now)
    {
        Span<byte> from = stackalloc byte[PayoutKeys.MaxSize], to = stackalloc byte[PayoutKeys.MaxSize];
        var begin = due.From(PayoutKeys.From(from, PayoutKeys.Due, UtcInstant.MinValue));
        return store.Scan(begin, PayoutKeys.From(to, PayoutKeys.Due, Behind(now)));
    }

    /// <summary>All that <see cref="Due"/> had up to this key does not wait there any more.</summary>
    public void Went(ReadOnlySpan<byte> key) => due.Cleared(key);

    /// <summary>The same of <see cref="Members"/>.</summary>
    public void Left(ReadOnlySpan<byte> key) => gathering.Left(key);

    /// <summary>Some group is being let go.</summary>
    public bool IsLettingGo => sight.IsLettingGo;

    /// <summary>Lets go of the groups that have waited as long as was agreed.</summary>
    public void EndWaits(UtcInstant now, int groupsMax) => gathering.EndWaits(Behind(now), groupsMax);

    /// <summary>The groups that are being let go.</summary>
    public StoreScan LetGo() => store.Scan([PayoutKeys.Open], [PayoutKeys.Open + 1]);

    /// <summary>A group's splits, the oldest mark first.</summary>
    public StoreScan Members(PayoutGroupId id) => gathering.Members(id);

    /// <summary>Those of which nobody can say when they may go, from an order on.</summary>
    /// <param name="from">The key to begin with; empty for the first.</param>
    public StoreScan Undated(ReadOnlySpan<byte> from) => store.Scan(from.IsEmpty ? [PayoutKeys.Undated] : from, [PayoutKeys.Undated + 1]);

    void Add(in WaitingPayout waiting)
    {
        if (waiting.Gathers)
        {
            gathering.Add(waiting);
            return;
        }

        Span<byte> key = stackalloc byte[PayoutKeys.MaxSize];
        if (waiting.At is { } at)
        {
            var place = PayoutKeys.OfDue(key, at, waiting.Mark, waiting.Order);
            store.Put(place, [1]);
            due.Added(place);
            store.Put(PayoutKeys.OfMerchantsDue(key, waiting, at), [1]);
        }
        else
        {
            store.Put(PayoutKeys.OfUndated(key, waiting.Mark, waiting.Order), [1]);
        }

        Count(waiting, new(1, waiting.Deferred.Amount));
    }

    void Remove(in WaitingPayout waiting)
    {
        if (waiting.Gathers)
        {
            gathering.Remove(waiting);
            return;
        }

        Span<byte> key = stackalloc byte[PayoutKeys.MaxSize];
        if (waiting.At is { } at)
        {
            store.Delete(PayoutKeys.OfDue(key, at, waiting.Mark, waiting.Order));
            store.Delete(PayoutKeys.OfMerchantsDue(key, waiting, at));
        }
        else
        {
            store.Delete(PayoutKeys.OfUndated(key, waiting.Mark, waiting.Order));
        }

        Count(waiting, new(-1, -(Int128)waiting.Deferred.Amount));
    }

    void Count(in WaitingPayout waiting, PayoutSum more)
    {
        Span<byte> room = stackalloc byte[PayoutKeys.MaxSize];
        var at = waiting.At ?? TaskPayouts.Undated;
        var key = PayoutKeys.OfSum(room, at, waiting.Currency);
        var sum = (store.TryGet(key, out var kept) ? PayoutSum.Read(kept) : default) + more;
        if (sum.Count == 0)
        {
            store.Delete(key);
        }
        else
        {
            scratch.Clear();
            sum.Write(new(scratch));
            store.Put(key, scratch.Written);
        }

        sight.Stands(at, waiting.Currency, sum);
    }

    bool Any(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        using var scan = store.Scan(from, to);
        return scan.MoveNext();
    }

    static UtcInstant Behind(UtcInstant now) => now + TimeSpan.FromMicroseconds(1);
}

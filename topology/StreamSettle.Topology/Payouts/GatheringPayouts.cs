using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Payouts;

/// <summary>The splits that wait for the merchant's others in their currency. When there is enough, or one has waited as long as was agreed, the group is let go, with all that joins it until it is empty.</summary>
sealed class GatheringPayouts(IKeyValueStore store, TaskPayouts sight)
{
    readonly ClearedPlace members = new();
    readonly ClearedPlace deadlines = new();
    readonly ByteBuffer scratch = new();
    PayoutGroupId? looked;

    public PayoutGroup? Find(PayoutGroupId id) =>
        store.TryGet(PayoutKeys.OfGroup(stackalloc byte[PayoutKeys.MaxSize], PayoutKeys.Group, id), out var kept) ? PayoutGroup.Read(kept) : null;

    public StoreScan Members(PayoutGroupId id)
    {
        if (looked != id)
        {
            looked = id;
            members.Forget();
        }

        Span<byte> from = stackalloc byte[PayoutKeys.MaxSize], to = stackalloc byte[PayoutKeys.MaxSize];
        var prefix = PayoutKeys.OfGroup(from, PayoutKeys.Member, id);
        prefix.CopyTo(to);
        // Codes are letters, so the last byte can be raised.
        to[prefix.Length - 1]++;
        return store.Scan(members.From(prefix), to[..prefix.Length]);
    }

    /// <summary>All of the group that was looked at last, up to this key, have left it.</summary>
    public void Left(ReadOnlySpan<byte> key) => members.Cleared(key);

    /// <summary>Some of the merchant's are being let go.</summary>
    public bool IsLetGo(MerchantId merchant)
    {
        if (!sight.IsLettingGo)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[PayoutKeys.MaxSize];
        var prefix = new PayoutKeyWriter(key, PayoutKeys.Open).Long(merchant.Value).Written;
        using var scan = store.Scan(prefix, [PayoutKeys.Open + 1]);
        return scan.MoveNext() && scan.Key.StartsWith(prefix);
    }

    /// <param name="before">Those whose time ends before it are let go.</param>
    /// <param name="groupsMax">Most of them, which bounds the transaction.</param>
    public void EndWaits(UtcInstant before, int groupsMax)
    {
        Span<byte> from = stackalloc byte[PayoutKeys.MaxSize], to = stackalloc byte[PayoutKeys.MaxSize];
        var begin = deadlines.From(PayoutKeys.From(from, PayoutKeys.Deadline, UtcInstant.MinValue));
        using var scan = store.Scan(begin, PayoutKeys.From(to, PayoutKeys.Deadline, before));
        for (var ended = 0; ended < groupsMax && scan.MoveNext(); ended++)
        {
            var id = PayoutKeys.GroupOf(scan.Key);
            var group = Find(id)!.Value;
            Put(id, group with { IsOpen = true }, group);
            deadlines.Cleared(scan.Key);
        }
    }

    public void Add(in WaitingPayout waiting)
    {
        var (deferred, before) = (waiting.Deferred, Find(waiting.Group));
        scratch.Clear();
        var to = new ByteWriter(scratch);
        to.VarInt64(deferred.Amount);
        to.VarInt64(deferred.Minimum!.Value);
        to.NullableVarInt64(deferred.LatestAt?.Microseconds);
        var key = PayoutKeys.OfMember(stackalloc byte[PayoutKeys.MaxSize], waiting);
        store.Put(key, scratch.Written);
        if (looked == waiting.Group)
        {
            members.Added(key);
        }

        var group = (before ?? PayoutGroup.None).With(deferred.Amount, deferred.Minimum.Value, deferred.LatestAt);
        Put(waiting.Group, group with { IsOpen = group.IsOpen || group.IsEnough }, before);
    }

    public void Remove(in WaitingPayout waiting)
    {
        store.Delete(PayoutKeys.OfMember(stackalloc byte[PayoutKeys.MaxSize], waiting));
        var (deferred, before) = (waiting.Deferred, Find(waiting.Group)!.Value);
        var group = before with { Count = before.Count - 1, Sum = before.Sum - deferred.Amount };

        // One that leaves before the group is let go was given up: what the others wait for may have been its terms.
        var isOthers = group is { IsOpen: false, Count: > 0 } && (deferred.Minimum == group.Minimum || deferred.LatestAt == group.LatestAt);
        Put(waiting.Group, isOthers ? Measured(waiting.Group) : group, before);
    }

    PayoutGroup Measured(PayoutGroupId id)
    {
        var group = PayoutGroup.None;
        looked = null;
        using var scan = Members(id);
        while (scan.MoveNext())
        {
            var from = new ByteReader(scan.Value);
            group = group.With(from.VarInt64(), from.VarInt64(), from.NullableVarInt64() is { } at ? new(at) : null);
        }

        return group;
    }

    void Put(PayoutGroupId id, in PayoutGroup group, PayoutGroup? before)
    {
        Span<byte> key = stackalloc byte[PayoutKeys.MaxSize];
        if (group.Count == 0)
        {
            store.Delete(PayoutKeys.OfGroup(key, PayoutKeys.Group, id));
            store.Delete(PayoutKeys.OfGroup(key, PayoutKeys.Open, id));
        }
        else
        {
            scratch.Clear();
            group.Write(new(scratch));
            store.Put(PayoutKeys.OfGroup(key, PayoutKeys.Group, id), scratch.Written);
            if (group.IsOpen && before is not { IsOpen: true })
            {
                store.Put(PayoutKeys.OfGroup(key, PayoutKeys.Open, id), [1]);
            }
        }

        var (had, has) = (DeadlineOf(before), DeadlineOf(group));
        if (had != has)
        {
            Move(id, had, has, key);
        }

        sight.Stands(id, group);
    }

    void Move(PayoutGroupId id, UtcInstant? had, UtcInstant? has, Span<byte> key)
    {
        if (had is { } old)
        {
            store.Delete(PayoutKeys.OfDeadline(key, old, id));
        }

        if (has is { } latest)
        {
            var place = PayoutKeys.OfDeadline(key, latest, id);
            store.Put(place, [1]);
            deadlines.Added(place);
        }
    }

    /// <summary>What is being let go waits for no time.</summary>
    static UtcInstant? DeadlineOf(PayoutGroup? group) => group is { Count: > 0, IsOpen: false } ? group.Value.LatestAt : null;
}

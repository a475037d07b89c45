using System.Collections.Immutable;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.Holds;

/// <summary>All holds that are known at one moment, those that are over among them. Immutable: the same object is the same holds.</summary>
public sealed class HoldSet
{
    readonly ImmutableDictionary<string, Hold> byId;
    readonly ImmutableDictionary<HoldScope, ImmutableArray<Hold>> byScope;

    HoldSet(ImmutableDictionary<string, Hold> byId, ImmutableDictionary<HoldScope, ImmutableArray<Hold>> byScope, int unreleased) =>
        (this.byId, this.byScope, Unreleased) = (byId, byScope, unreleased);

    public static HoldSet Empty { get; } = new(ImmutableDictionary.Create<string, Hold>(StringComparer.Ordinal), ImmutableDictionary<HoldScope, ImmutableArray<Hold>>.Empty, 0);

    /// <summary>Holds that no person has released, expired ones among them: with none of them nothing is held.</summary>
    public int Unreleased { get; }

    public IEnumerable<Hold> All => byId.Values;

    public Hold? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>The oldest hold that stands on the scope itself; null for none.</summary>
    public Hold? On(HoldScope scope, UtcInstant now)
    {
        if (Unreleased == 0 || !byScope.TryGetValue(scope, out var holds))
        {
            return null;
        }

        foreach (var hold in holds)
        {
            if (hold.StandsAt(now))
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>What keeps back an order that is to be calculated: by everything, its merchant and itself.</summary>
    public ImmutableArray<Hold> OnOrder(OrderId order, MerchantId merchant, UtcInstant now) =>
        Unreleased == 0 ? [] : Of(On(HoldScope.Everything, now), On(HoldScope.Of(merchant), now), On(HoldScope.Of(order), now));

    /// <summary>What keeps back all calls of a merchant to a system.</summary>
    public ImmutableArray<Hold> OnLane(MerchantId merchant, Leg leg, UtcInstant now) =>
        Unreleased == 0 ? [] : Of(On(HoldScope.Everything, now), On(HoldScope.Of(merchant), now), On(HoldScope.Of(leg), now));

    /// <summary>A call that is to be sent is kept back.</summary>
    public bool IsOnCall(CallKey call, MerchantId merchant, UtcInstant now) => Unreleased > 0
        && (On(HoldScope.Everything, now) ?? On(HoldScope.Of(call.Leg), now) ?? On(HoldScope.Of(merchant), now) ?? On(HoldScope.Of(call.Order), now)) is not null;

    public int StandingAt(UtcInstant now)
    {
        var standing = 0;
        foreach (var hold in byId.Values)
        {
            standing += hold.StandsAt(now) ? 1 : 0;
        }

        return standing;
    }

    /// <summary>When the next one expires; null for none.</summary>
    public UtcInstant? NextExpiry(UtcInstant now)
    {
        UtcInstant? next = null;
        foreach (var hold in byId.Values)
        {
            next = hold.StandsAt(now) && hold.Until is { } until && (next is not { } first || until < first) ? until : next;
        }

        return next;
    }

    /// <summary>Why nothing stands on a scope that was held: the last hold's end. Of one that is not known any more nothing but that is told.</summary>
    public HoldEnding EndOf(HoldScope scope, UtcInstant now)
    {
        Hold? last = null;
        foreach (var hold in byScope.GetValueOrDefault(scope, []))
        {
            last = last is null || hold.OverAt(now) > last.OverAt(now) ? hold : last;
        }

        return last switch
        {
            null => new(scope, $"{scope}@{now.Microseconds}", "what held it is not known any more", HoldEnding.ByNobodyKnown),
            { Release: { } release } when last.OverAt(now) == release.At => new(scope, $"{release.By}@{release.RequestId}", release.Reason, release.By),
            _ => new(scope, $"{last.Cause}:{HoldEnding.ByExpiry}", last.Reason, HoldEnding.ByExpiry),
        };
    }

    /// <summary>The same with one more, or one that was released. What is known of a hold never goes back: of two that say the same id the first counts, and the first release.</summary>
    internal HoldSet With(Hold hold)
    {
        var known = Find(hold.Id);
        if (known is not null && (known.Release is not null || hold.Release is null))
        {
            return this;
        }

        var now = known is null ? hold : known with { Release = hold.Release };
        var others = byScope.GetValueOrDefault(now.Scope, []).RemoveAll(one => one.Id == now.Id);
        var at = 0;
        while (at < others.Length && (others[at].Since, others[at].Id).CompareTo((now.Since, now.Id)) < 0)
        {
            at++;
        }

        return new(byId.SetItem(now.Id, now), byScope.SetItem(now.Scope, others.Insert(at, now)), Unreleased + Count(now) - (known is null ? 0 : Count(known)));
    }

    internal HoldSet Without(string id) => Find(id) is not { } known ? this : new(
        byId.Remove(id), byScope.SetItem(known.Scope, byScope[known.Scope].RemoveAll(one => one.Id == id)), Unreleased - Count(known));

    static int Count(Hold hold) => hold.Release is null ? 1 : 0;

    static ImmutableArray<Hold> Of(Hold? first, Hold? second, Hold? third) => (first, second, third) is (null, null, null)
        ? []
        : [.. new[] { first, second, third }.OfType<Hold>()];
}

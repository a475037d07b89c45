using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Settle;

/// <summary>Of which holds held orders have to be looked at again: those that came, went or expired since they were looked at last.</summary>
sealed class ChangedHolds
{
    readonly HashSet<HoldScope> scopes = [];
    bool all = true;

    /// <summary>Something may go that was kept back before its calculation, not only be kept back by more.</summary>
    public bool LetsGo { get; private set; } = true;

    public bool Any => all || scopes.Count > 0;

    /// <summary>Takes up what is different between two looks. A hold may have come and gone in between, and been told of an order meanwhile.</summary>
    public void Add(HoldSet before, UtcInstant beforeAt, HoldSet after, UtcInstant now)
    {
        foreach (var hold in after.All)
        {
            if (before.Find(hold.Id) is not { } known || known != hold || (known.StandsAt(beforeAt) && !hold.StandsAt(now)))
            {
                Add(hold.Scope, after, now);
            }
        }

        foreach (var hold in before.All)
        {
            if (after.Find(hold.Id) is null)
            {
                Add(hold.Scope, after, now);
            }
        }
    }

    public void Add(HoldScope scope, HoldSet holds, UtcInstant now)
    {
        // What is told of a system's calls says nothing of orders that are not calculated, but any order may have been told of it.
        all |= scope.Reach is HoldReach.Everything or HoldReach.Downstream;
        scopes.Add(scope);
        LetsGo |= scope.Reach != HoldReach.Downstream && holds.On(scope, now) is null;
    }

    public bool Concern(OrderId order, MerchantId? merchant) => all || merchant is not { } known || scopes.Contains(HoldScope.Of(known)) || scopes.Contains(HoldScope.Of(order));

    /// <summary>All have been looked at.</summary>
    public void Clear()
    {
        scopes.Clear();
        all = LetsGo = false;
    }
}

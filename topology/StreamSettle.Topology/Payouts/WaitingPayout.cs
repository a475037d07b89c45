using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Payouts;

/// <summary>A split that its payout terms keep back, as far as its place in the queue goes: by its merchant, its mark and what it waits for.</summary>
/// <param name="Mark">The order's: of those that go together the older mark goes first.</param>
readonly record struct WaitingPayout(OrderId Order, MerchantId Merchant, Lane Lane, Currency Currency, UtcInstant Mark, DeferredPayout Deferred)
{
    public static WaitingPayout? Of(OrderId order, SettlementState? state) => state?.Settled is { Deferred: { } deferred } settled
        ? new(order, state.Merchant, settled.Lane, settled.Currency, state.DueAt, deferred)
        : null;

    public PayoutGroupId Group => new(Merchant, Currency);

    /// <summary>It waits for the merchant's others.</summary>
    public bool Gathers => Deferred.Minimum is not null;

    /// <summary>When it may go; null where it gathers, or nobody can say.</summary>
    public UtcInstant? At => Gathers ? null : Deferred.PayableAt;
}

/// <summary>Whose shares in which currency gather.</summary>
readonly record struct PayoutGroupId(MerchantId Merchant, Currency Currency);

using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>The world with the look-ups that checks share.</summary>
internal sealed class AuditContext
{
    public AuditContext(AuditWorld world, AuditOptions options)
    {
        (World, Options) = (world, options);
        Tiers = world.Merchants.ToDictionary(merchant => merchant.Id, merchant => merchant.Tier);
        Orders = world.Orders.ToDictionary(order => order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Histories = world.Streams.ToDictionary(stream => stream.Id, stream => new OrderHistory(stream));
        Seen = new(Histories.Values);
        Accepted = [.. world.Effects.Where(effect => effect.Outcome == EffectOutcome.Accepted).Select(AcceptedCall.TryRead).OfType<AcceptedCall>()];
        // The first one stands for its key; a second one is I3's business.
        ByKey = Accepted.GroupBy(call => call.Key).ToDictionary(group => group.Key, group => group.First());
        FirstArrivals = world.Effects.Where(effect => effect.Outcome != EffectOutcome.Patched).GroupBy(effect => effect.Key).ToDictionary(group => group.Key, group => group.First().ArrivedAt);
    }

    public AuditWorld World { get; }

    public AuditOptions Options { get; }

    public IReadOnlyDictionary<long, string> Tiers { get; }

    /// <summary>By the id as text, as streams are.</summary>
    public IReadOnlyDictionary<string, SourceOrder> Orders { get; }

    public IReadOnlyDictionary<string, OrderHistory> Histories { get; }

    public SeenConfirmations Seen { get; }

    public IReadOnlyList<AcceptedCall> Accepted { get; }

    public IReadOnlyDictionary<CallKey, AcceptedCall> ByKey { get; }

    /// <summary>By key: when a call first came in, whatever became of it.</summary>
    public IReadOnlyDictionary<string, UtcInstant> FirstArrivals { get; }

    /// <summary>What happened this long ago must have had its consequences.</summary>
    public bool IsOld(UtcInstant at) => at + Options.Grace < World.Now;

    /// <summary>
    /// The calculation had to rest on the row as it stands: it says so since well before it, and longer than the source may be silent while anything fires, or since longer than that before its mark.
    /// </summary>
    public bool HadToBeKnown(SourceOrder order, LoggedEvent calculated) =>
        order.UpdatedAt + (Options.Grace > Options.Silence ? Options.Grace : Options.Silence) < calculated.RecordedAt || order.UpdatedAt + Options.Silence < DueAt(order, order.MerchantId);

    /// <summary>The mark by the row as it stands; null without a completion.</summary>
    public UtcInstant? DueAt(SourceOrder order, long merchantId) => order.CompletedAt is { } completedAt
        ? World.Delays.DueAt(completedAt, merchantId, Tiers.GetValueOrDefault(merchantId), order.Category, order.BuyerCountry, order.Currency)
        : null;

    public AcceptedCall? Call(OrderHistory history, Leg leg, int n) =>
        long.TryParse(history.Id, System.Globalization.CultureInfo.InvariantCulture, out var order) ? ByKey.GetValueOrDefault(new(new(order), leg, n)) : null;
}

using System.Text;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.App.Checks;

/// <summary>
/// A first start on a shop that exists: completed orders whose mark has passed may have been settled by whatever ran before. Unless <c>Source:CompletedSince</c>
/// says which are ours, such a start is refused before anything is kept.
/// </summary>
sealed class FirstStartCheck(RuleBook rules, UtcInstant? completedSince, TimeProvider time)
{
    /// <summary>Orders that are ours in any case. Default none.</summary>
    public Func<OrderId, bool> IsKnown { get; init; } = _ => false;

    /// <summary>What a first start says of the orders it leaves alone.</summary>
    /// <param name="ignored">Null where all are ours.</param>
    public static string Told(long? ignored) => ignored is { } count
        ? $"{count} orders completed before Source:CompletedSince are not ours and stay so"
        : "no completed orders whose mark has passed";

    /// <summary>Said where the shop tells its orders by an outbox, in which not all of them are: <c>Source:CompletedSince</c> is there then.</summary>
    public const string ToldByOutbox = "orders completed before Source:CompletedSince are not ours and stay so";

    /// <summary>What a first start would say, without one: the source as it stands in one snapshot.</summary>
    public static async Task<string> LookAsync(ServiceOptions options, SourceLook source, TimeProvider time, CancellationToken stop)
    {
        if (options.Source.Outbox)
        {
            return ToldByOutbox;
        }

        var check = new FirstStartCheck(RuleFiles.Load(options.RulesDirectory), options.Settlements.CompletedSince, time);
        var told = "";
        await source.ShowAsync(async (reader, token) => told = Told(await check.RunAsync(reader, token)), stop);
        return told;
    }

    /// <returns>How many completed orders are not ours; null where all are.</returns>
    /// <exception cref="UserMistakeException">There are such orders: their number, the oldest and the newest, and how to set the key.</exception>
    public async Task<long?> RunAsync(SnapshotReader source, CancellationToken stop)
    {
        if (completedSince is { } since)
        {
            return await source.CompletedBeforeAsync(since, stop);
        }

        var tiers = new Dictionary<MerchantId, byte[]>();
        await foreach (var merchant in source.MerchantsAsync(stop))
        {
            tiers[merchant.Id] = Encoding.UTF8.GetBytes(merchant.Tier);
        }

        var (count, oldest, newest) = (0L, UtcInstant.MaxValue, UtcInstant.MinValue);
        var now = UtcInstant.Now(time);
        await foreach (var order in source.CompletedOrdersAsync(stop))
        {
            if (order.CompletedAt is { } at && !IsKnown(order.Id) && DueAt(order, at, tiers) <= now)
            {
                count++;
                oldest = at < oldest ? at : oldest;
                newest = at > newest ? at : newest;
            }
        }

        if (count > 0)
        {
            throw new UserMistakeException(
                $"The shop has {count} completed orders whose mark has passed, completed from {oldest} to {newest}: they may have been settled by what ran before. "
                + "Set Source:CompletedSince to the instant from which on completed orders are to be settled here "
                + $"(Source__CompletedSince={oldest} settles all of them, a later instant leaves older ones alone), then start again.");
        }

        return null;
    }

    UtcInstant DueAt(CompletedOrder order, UtcInstant completedAt, Dictionary<MerchantId, byte[]> tiers)
    {
        var facts = new OrderFacts
        {
            Merchant = order.Merchant, BuyerCountry = Encoding.UTF8.GetBytes(order.BuyerCountry), Category = Encoding.UTF8.GetBytes(order.Category ?? ""),
            HasCategory = order.Category is not null, Currency = Encoding.UTF8.GetBytes(order.Currency), CompletedAt = completedAt,
            Gross = DecimalAmount.NotANumber, Shipping = DecimalAmount.NotANumber, Refunded = DecimalAmount.NotANumber,
        };
        return SettlementCalculator.DueAt(rules, facts, tiers.TryGetValue(order.Merchant, out var tier) ? MerchantFacts.Of(tier) : MerchantFacts.None);
    }
}

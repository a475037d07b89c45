using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Sources;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>The shop's rows as a test says, for what changes do not tell.</summary>
sealed class ShopRows : ISourceRows
{
    readonly Dictionary<long, OrderTexts> orders = [];
    readonly Dictionary<long, MerchantTexts> merchants = [];

    /// <summary>The shop does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often it was asked and has answered.</summary>
    public int Answered { get; private set; }

    public void Has(ShopOrder order) => orders[order.Id] = new(
        Encoding.UTF8.GetBytes(order.Country), order.Category is { } category ? Encoding.UTF8.GetBytes(category) : null, Encoding.UTF8.GetBytes(order.Currency), order.Status,
        order.Invoice is { } invoice ? Encoding.UTF8.GetBytes(invoice) : null);

    public void HasMerchant(long id, string zone) => merchants[id] = new("STANDARD"u8.ToArray(), "DE"u8.ToArray(), Encoding.UTF8.GetBytes(zone));

    public OrderTexts? Order(OrderId id, ChangePosition position) => Answer(orders, id.Value);

    public MerchantTexts? Merchant(MerchantId id, ChangePosition position) => Answer(merchants, id.Value);

    TRow? Answer<TRow>(Dictionary<long, TRow> rows, long id)
        where TRow : class
    {
        if (IsAway)
        {
            throw new EnvironmentFailedException("the shop is away");
        }

        Answered++;
        return rows.GetValueOrDefault(id);
    }
}

using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Tests.Links;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A shop's database that the capture reaches over a link.</summary>
static class LinkedShop
{
    public const string Insert = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ";

    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    public static CuttableLink LinkTo(SourceDatabase shop) => CuttableLink.To(new NpgsqlConnectionStringBuilder(shop.ConnectionString).Port);

    public static EmbeddedCdcOptions Over(CuttableLink link, EmbeddedCdcOptions options) => options with
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Port = link.Port }.ConnectionString, Silence = Silence,
    };
}

using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>What stands for a large value that the server did not repeat is never read as that value, whatever the connector's placeholder is.</summary>
public class UnavailableValueTests
{
    const string Debeziums = "__debezium_unavailable_value";

    const string AvroRow = """
        {"type":"record","name":"Row","fields":[{"name":"order_id","type":"long"},{"name":"merchant_id","type":"long"},{"name":"buyer_country","type":"string"},{"name":"currency","type":"string"},
          {"name":"gross_amount","type":"string"},{"name":"status","type":"string"},{"name":"category","type":["null","string"]},{"name":"invoice","type":["null","string"]},{"name":"__op","type":"string"},{"name":"__lsn","type":"long"}]}
        """;

    const string AvroMerchant = """
        {"type":"record","name":"Row","fields":[{"name":"merchant_id","type":"long"},{"name":"tier","type":"string"},{"name":"country","type":"string"},{"name":"time_zone","type":"string"},
          {"name":"__op","type":"string"},{"name":"__lsn","type":"long"}]}
        """;

    public static TheoryData<string> Forms => ["envelope", "with schema", "flat", "Avro"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void It_is_told_in_every_form(string form)
    {
        Assert.Equal("Invoice", Unsent(form, "n/a", "n/a"));
        Assert.Equal("Invoice", Unsent(form, "ß\"", "ß\\\""));
        Assert.Equal("Invoice", Unsent(form, "hex:6E2f61", "n/a"));
        Assert.Equal("Category", Unsent(form, "n/a", "books", category: "n/a"));
        Assert.Equal("BuyerCountry, Category, Currency, Invoice", Unsent(form, "n/a", "n/a", category: "n/a", country: "n/a", currency: "n/a"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_status_that_was_not_sent_is_no_other_status(string form) => Assert.Equal("Status", Unsent(form, "n/a", "R-1", status: "n/a"));

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_amount_that_was_not_sent_is_no_amount(string form)
    {
        var schemas = new AvroText(AvroRow);
        var row = $$""" "order_id":7,"merchant_id":8,"buyer_country":"DE","currency":"EUR","gross_amount":"{{Debeziums}}","status":"PAID","category":"b","invoice":"i" """;
        Assert.Contains("gross_amount", Assert.Throws<SerdeException>(() => { new OrderChangeSerde(schemas: schemas).Read(Bytes(form, row, schemas)); }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Debeziums_own_counts_whatever_is_configured_and_what_is_only_like_it_is_a_value(string form)
    {
        Assert.Equal("Invoice", Unsent(form, "n/a", Debeziums));
        Assert.Equal("Invoice", Unsent(form, null, Debeziums));
        Assert.Equal("None", Unsent(form, null, "n/a"));
        Assert.Equal("None", Unsent(form, "n/a", "n/a, as agreed"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Of_a_merchant_it_is_told_too(string form)
    {
        var schemas = new AvroText(AvroMerchant);
        var row = $$""" "merchant_id":7,"tier":"n/a","country":"DE","time_zone":"{{Debeziums}}" """;
        var read = new MerchantChangeSerde(schemas: schemas, unavailable: "n/a").Read(Bytes(form, row, schemas)).Row;

        Assert.Equal(UnsentMerchantColumns.Tier | UnsentMerchantColumns.TimeZone, read.Unsent);
        Assert.True(read.Tier.IsEmpty && read.TimeZone.IsEmpty);
        Assert.Equal("DE", Encoding.UTF8.GetString(read.Country));
    }

    [Theory]
    [InlineData("", "must be what the connector has as unavailable.value.placeholder")]
    [InlineData(" ", "must be what the connector has as unavailable.value.placeholder")]
    [InlineData("hex:", "must have pairs of hexadecimal digits behind hex:, but is 'hex:'")]
    [InlineData("hex:6", "must have pairs of hexadecimal digits")]
    [InlineData("hex:6g", "must have pairs of hexadecimal digits")]
    [InlineData("n/a", null)]
    [InlineData("hex:00ff", null)]
    public void One_that_could_be_a_value_or_no_connector_takes_is_refused(string placeholder, string? problem)
    {
        var told = new EmbeddedCdcOptions { ConnectionString = "Host=db;Database=shop", UnavailableValue = placeholder }.Problems("Source").SingleOrDefault();

        Assert.Equal(problem is null, told is null);
        Assert.Contains(problem is null ? "" : $"Source:UnavailableValue {problem}", told ?? "", StringComparison.Ordinal);
    }

    /// <param name="invoice">As it stands within quotes in JSON.</param>
    /// <returns>The columns that were not sent, of which nothing is left in the row.</returns>
    static string Unsent(string form, string? placeholder, string invoice, string category = "books", string country = "DE", string currency = "EUR", string status = "PAID")
    {
        var row = $$""" "order_id":7,"merchant_id":8,"buyer_country":"{{country}}","currency":"{{currency}}","gross_amount":"12.34","status":"{{status}}","category":"{{category}}","invoice":"{{invoice}}" """;
        var schemas = new AvroText(AvroRow);
        var read = new OrderChangeSerde(schemas: schemas, unavailable: placeholder).Read(Bytes(form, row, schemas)).Row;
        Assert.Equal(read.Unsent.HasFlag(UnsentOrderColumns.Invoice) ? "" : invoice, Encoding.UTF8.GetString(read.Invoice));
        Assert.Equal(read.Unsent.HasFlag(UnsentOrderColumns.Category) ? "" : category, Encoding.UTF8.GetString(read.Category));
        Assert.True(read.HasCategory);
        return read.Unsent.ToString();
    }

    static byte[] Bytes(string form, string row, AvroText schemas)
    {
        var envelope = $$"""{"before":null,"after":{ {{row}} },"source":{"lsn":5,"snapshot":"false"},"op":"u"}""";
        var flat = $$"""{ {{row}},"__op":"u","__lsn":5}""";
        return form switch
        {
            "envelope" => Encoding.UTF8.GetBytes(envelope),
            "with schema" => Encoding.UTF8.GetBytes($$"""{"schema":null,"payload":{{envelope}}}"""),
            "flat" => Encoding.UTF8.GetBytes(flat),
            _ => schemas.Record(flat),
        };
    }
}

using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
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

    public static TheoryData<string> Forms => ["envelope", "with schema", "flat", "Avro"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void It_is_told_in_every_form(string form)
    {
        Assert.Contains("column invoice was not sent (n/a): orders must have REPLICA IDENTITY FULL", Problem(form, "n/a", "n/a"), StringComparison.Ordinal);
        Assert.Contains("column invoice was not sent (ß\")", Problem(form, "ß\"", "ß\\\""), StringComparison.Ordinal);
        Assert.Contains("column invoice was not sent (n/a)", Problem(form, "hex:6E2f61", "n/a"), StringComparison.Ordinal);
        Assert.Contains("column category was not sent (n/a)", Problem(form, "n/a", "books", category: "n/a"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Debeziums_own_counts_whatever_is_configured_and_what_is_only_like_it_is_a_value(string form)
    {
        Assert.Contains($"column invoice was not sent ({Debeziums})", Problem(form, "n/a", Debeziums), StringComparison.Ordinal);
        Assert.Contains($"column invoice was not sent ({Debeziums})", Problem(form, null, Debeziums), StringComparison.Ordinal);
        Assert.Equal("", Problem(form, null, "n/a"));
        Assert.Equal("", Problem(form, "n/a", "n/a, as agreed"));
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
    /// <returns>Why the record cannot be read; empty where it can.</returns>
    static string Problem(string form, string? placeholder, string invoice, string category = "books")
    {
        var row = $$""" "order_id":7,"merchant_id":8,"buyer_country":"DE","currency":"EUR","gross_amount":"12.34","status":"PAID","category":"{{category}}","invoice":"{{invoice}}" """;
        var envelope = $$"""{"before":null,"after":{ {{row}} },"source":{"lsn":5,"snapshot":"false"},"op":"u"}""";
        var flat = $$"""{ {{row}},"__op":"u","__lsn":5}""";
        var schemas = new AvroText(AvroRow);
        try
        {
            var change = new OrderChangeSerde(schemas: schemas, unavailable: placeholder).Read(form switch
            {
                "envelope" => Encoding.UTF8.GetBytes(envelope),
                "with schema" => Encoding.UTF8.GetBytes($$"""{"schema":null,"payload":{{envelope}}}"""),
                "flat" => Encoding.UTF8.GetBytes(flat),
                _ => schemas.Record(flat),
            });
            Assert.Equal(invoice, Encoding.UTF8.GetString(change.Row.Invoice));
            return "";
        }
        catch (SerdeException problem)
        {
            return problem.Message;
        }
    }
}

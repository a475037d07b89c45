using System.Text;
using System.Text.Json;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>What Debezium's outbox event router writes: a payload as the text of a JSON string, and the key's value alone.</summary>
public class OutboxFormTests
{
    const string Row = """{"order_id":7,"merchant_id":8,"category":"B\"ü\\cher","buyer_country":"DE","currency":"EUR","gross_amount":12.3400,"status":"PAID","invoice":{"net": 1.50},"__lsn":9,"__txId":5,"__source_ts_us":2000}""";

    readonly OrderChangeSerde serde = new();

    [Fact]
    public void A_payload_is_read_as_the_row_that_it_is()
    {
        var plain = OrderText.Of(serde.Read(Encoding.UTF8.GetBytes(Row)));

        Assert.Equal(plain, OrderText.Of(serde.Read(JsonSerializer.SerializeToUtf8Bytes(Row))));
        Assert.Contains(" 12.3400 ", plain, StringComparison.Ordinal);
        Assert.Equal(new SourceTransaction(new(2000), 5), serde.Read(JsonSerializer.SerializeToUtf8Bytes(Row)).Transaction);
        var deleted = serde.Read(JsonSerializer.SerializeToUtf8Bytes("""{"order_id":7,"__deleted":"true","__lsn":10}"""));
        Assert.Equal((ChangeOp.Delete, new OrderId(7), ChangePosition.Streamed(10)), (deleted.Op, deleted.Id, deleted.Position));
    }

    [Fact]
    public void An_event_without_a_place_is_not_read_where_places_are_given()
    {
        var outbox = new OrderChangeSerde(needsPlace: true);
        var without = JsonSerializer.SerializeToUtf8Bytes(Row.Replace("__lsn", "lsn", StringComparison.Ordinal));

        Assert.Contains("row 7, cannot be read: it has no place in the source's history", Assert.Throws<SerdeException>(() => { outbox.Read(without); }).Message, StringComparison.Ordinal);
        Assert.Equal(ChangePosition.Streamed(9), outbox.Read(JsonSerializer.SerializeToUtf8Bytes(Row)).Position);
        Assert.Equal(ChangePosition.None, serde.Read(without).Position);
    }

    [Fact]
    public void Reading_one_allocates_nothing()
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(Row);
        serde.Read(record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            serde.Read(record);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("\"text\"")]
    [InlineData("\"{}\" {}")]
    [InlineData("\"\\\"{}\\\"\"")]
    [InlineData("\"{\\\"order_id\\\":1}")]
    [InlineData("\"\\ud800\"")]
    public void A_string_with_something_else_is_no_change(string record) => Assert.Throws<SerdeException>(() => { serde.Read(Encoding.UTF8.GetBytes(record)); });

    [Theory]
    [InlineData("42", 42)]
    [InlineData("\"42\"", 42)]
    [InlineData("-1", -1)]
    public void A_key_may_be_its_value_alone(string key, long id) => Assert.Equal(new OrderId(id), new OrderKeySerde().Read(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData("\"four\"")]
    [InlineData("4.5")]
    [InlineData("true")]
    [InlineData("99999999999999999999")]
    [InlineData("\"\"")]
    public void One_that_is_no_whole_number_is_no_key(string key) => Assert.Throws<SerdeException>(() => { new OrderKeySerde().Read(Encoding.UTF8.GetBytes(key)); });
}

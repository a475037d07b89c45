using System.Text;
using CsCheck;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

public class PoisonTests
{
    const string Good = """
        {"before":null,"after":{"order_id":7,"merchant_id":8,"buyer_country":"DE","currency":"EUR","gross_amount":"12.34","status":"PAID","completed_at":null,"invoice":null},"source":{"lsn":5,"snapshot":"false"},"op":"c"}
        """;

    readonly OrderChangeSerde serde = new();

    [Theory]
    [InlineData("\"order_id\":7", "\"order_id\":null", "column order_id is null or missing")]
    [InlineData("\"order_id\":7,", "", "column order_id is null or missing")]
    [InlineData("\"merchant_id\":8", "\"merchant_id\":\"8\"", "column merchant_id is String '8'")]
    [InlineData("\"merchant_id\":8", "\"merchant_id\":8.5", "column merchant_id is Number '8.5'")]
    [InlineData("\"12.34\"", "\"BNI=\"", "decimal.handling.mode must be string")]
    [InlineData("\"12.34\"", "true", "column gross_amount is True")]
    [InlineData("\"12.34\"", "{\"scale\":1}", "column gross_amount")]
    [InlineData("\"completed_at\":null", "\"completed_at\":\"infinity\"", "column completed_at is String 'infinity'")]
    [InlineData("\"completed_at\":null", "\"completed_at\":\"9999-12-31T23:59:59-00:01\"", "in the years 1 to 9999")]
    [InlineData("\"completed_at\":null", "\"completed_at\":\"+294276-12-31T23:59:59Z\"", "in the years 1 to 9999")]
    [InlineData("\"completed_at\":null", "\"completed_at\":\"0001-01-01T00:00:00+01:00\"", "in the years 1 to 9999")]
    [InlineData("\"completed_at\":null", "\"completed_at\":17", "column completed_at is Number '17'")]
    [InlineData("\"12.34\"", "\"__debezium_unavailable_value\"", "column gross_amount")]
    [InlineData("\"status\":\"PAID\"", "\"status\":1", "column status is Number")]
    [InlineData("\"op\":\"c\"", "\"op\":\"x\"", "op is none of")]
    [InlineData(",\"op\":\"c\"", "", "no op")]
    [InlineData("\"op\":\"c\"", "\"op\":\"d\"", "before of a delete")]
    [InlineData("\"lsn\":5", "\"lsn\":\"five\"", "column lsn is String")]
    [InlineData("\"op\":\"c\"}", "\"op\":\"c\"", "no JSON")]
    [InlineData("\"op\":\"c\"}", "\"op\":\"c\"}}", "no JSON")]
    [InlineData("\"after\":{", "\"after\":[", "after is StartArray")]
    [InlineData("\"before\":null", "\"before\":{\"order_id\":7,\"\\ud800\":1}", "its row before the change is no JSON")]
    [InlineData("\"status\":\"PAID\"", "\"status\":\"PAID\",\"\\ud800\":1", "no JSON")]
    [InlineData("{\"before\"", "{\"other\"", "no order_id")]
    public void An_unreadable_record_says_what_is_wrong_with_which_column(string part, string instead, string reason)
    {
        var poison = Good.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Good, poison);

        var failure = Assert.Throws<SerdeException>(() => { serde.Read(Encoding.UTF8.GetBytes(poison)); });
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("orders", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("12")]
    [InlineData("\"text\"")]
    [InlineData("{\"schema\":{},\"payload\":5}")]
    [InlineData("{\"schema\":{},\"payload\":{}}")]
    [InlineData("{\"schema\":{},\"payload\":null,\"more\":1}")]
    public void What_is_no_change_at_all_is_unreadable(string json) => Assert.Throws<SerdeException>(() => { serde.Read(Encoding.UTF8.GetBytes(json)); });

    [Fact]
    public void Too_large_and_too_deep_is_unreadable()
    {
        var large = Encoding.UTF8.GetBytes(Good.Replace("\"DE\"", '"' + new string('x', 64 * 1024 * 1024) + '"', StringComparison.Ordinal));
        var deep = Encoding.UTF8.GetBytes(Good.Replace("\"DE\"", new string('[', 1000), StringComparison.Ordinal));

        Assert.Throws<SerdeException>(() => { serde.Read(large); });
        Assert.Throws<SerdeException>(() => { serde.Read(deep); });
    }

    [Fact]
    public void Text_that_is_no_utf8_is_unreadable()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        bytes[Encoding.UTF8.GetString(bytes).IndexOf("DE", StringComparison.Ordinal)] = 0xFF;

        Assert.Throws<SerdeException>(() => { serde.Read(bytes); });
        Assert.Throws<SerdeException>(() => { serde.Read(Encoding.UTF8.GetBytes(Good.Replace("DE", "\\ud800", StringComparison.Ordinal))); });
    }

    [Fact]
    public void Every_truncation_is_unreadable()
    {
        foreach (var record in new[] { Golden.Orders("plain.jsonl")[4].Value!, Golden.Orders("flat.jsonl")[0].Value! })
        {
            for (var length = 0; length < record.Length; length++)
            {
                Assert.Throws<SerdeException>(() => { serde.Read(record.AsSpan(0, length)); });
            }
        }
    }

    [Fact]
    public void Mutated_records_give_a_change_or_are_unreadable_and_nothing_else()
    {
        var seeds = Golden.Orders("plain.jsonl").Concat(Golden.Orders("flat.jsonl")).Concat(Golden.Orders("schemad.jsonl").Take(2))
            .Where(record => record.Value is not null).Select(record => record.Value!).ToArray();
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 8]).Sample(
            (seed, edits) =>
            {
                var bytes = (byte[])seeds[seed].Clone();
                foreach (var (at, value) in edits)
                {
                    bytes[at % bytes.Length] = value;
                }

                ReadEverything(new OrderChangeSerde(), bytes);
            },
            iter: 20_000, threads: 1);
    }

    [Fact]
    public void Random_bytes_and_random_json_are_unreadable_and_nothing_else()
    {
        var tokens = Gen.OneOf(new[] { "{", "}", "[", "]", ",", ":", "\"schema\"", "\"payload\"", "\"after\"", "\"before\"", "\"op\"", "\"c\"", "\"d\"", "\"order_id\"", "1", "null", "\"fields\"", "1e999", "\"__op\"", " " }.Select(Gen.Const).ToArray());
        tokens.Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))).Sample(bytes => ReadEverything(serde, bytes), iter: 20_000, threads: 1);
        Gen.Byte.Array[0, 200].Sample(bytes => ReadEverything(serde, bytes), iter: 5_000, threads: 1);
    }

    static void ReadEverything(OrderChangeSerde serde, byte[] bytes)
    {
        try
        {
            OrderText.Of(serde.Read(bytes));
        }
        catch (SerdeException)
        {
            // The expected outcome of poison.
        }

        try
        {
            new OrderKeySerde().Read(bytes);
        }
        catch (SerdeException)
        {
            // The expected outcome of poison.
        }
    }
}

using CsCheck;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Formats;

/// <summary>What the clock tells settle, in Avro and in the form before.</summary>
public sealed class OrderMessageTests : IDisposable
{
    readonly LocalMessages messages = new();
    readonly ByteBuffer buffer = new();
    readonly OrderMessageSerde serde;

    public OrderMessageTests() => serde = new(messages.Open(), writesAvro: true);

    static OperatorRequest.OfKey?[] Requests { get; } =
    [
        null, new OperatorRequest.Replay(new(new(1), Leg.Tax, 0), NeverCalculated: true, "ann", "r1"), new OperatorRequest.Replay(new(new(1), Leg.Split, 2), NeverCalculated: false, "ann", "r2", "why"),
        new OperatorRequest.Discard(new(new(-1), Leg.Calculation, 0), null, "bob", "r3"), new OperatorRequest.Discard(new(new(1), Leg.TaxRefund, 9), "lost", "bob", "r4"),
        new OperatorRequest.SendAgain(new(new(1), Leg.Commission, 1), "eve", "r5"), new OperatorRequest.Returned(new(new(1), Leg.Split, 0, 2), "account closed", new(9)),
    ];

    static string[] Amounts { get; } = ["0", "119.0000", "-0.01", "99999999999999999999999999999999999999", "-9999999999999999999.9999999999999999999", "128", "-128", "-129", "32768", "NaN"];

    [Fact]
    public void A_message_comes_back_byte_by_byte_whatever_is_in_it() => Gen.Select(Gen.Long, Gen.Int[0, int.MaxValue], Gen.String, Gen.Int).Sample((number, seed, text, count) =>
    {
        var random = new Random(seed);
        var row = random.Next(3) == 0 ? [] : Row(random, number, text);
        var message = new OrderMessage
        {
            Kind = Enum.GetValues<OrderMessageKind>()[random.Next(8)], Order = new(number), Merchant = new(~number), Cause = Clean(text), Transaction = new(new(number), number >> 3), DueAt = new(number / 7),
            Offset = number, ClockTask = count, KeyChanged = random.Next(2) == 0, CutsOff = random.Next(2) == 0, InTime = random.Next(2) == 0,
            Doubts = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.NextInt64())], Request = Requests[random.Next(Requests.Length)], RowBytes = row,
        };

        var read = serde.Read(Written(message));

        Assert.Equal(Binary(message), Binary(read));
    }, threads: 1);

    [Fact]
    public void What_was_written_before_is_read()
    {
        var message = new OrderMessage { Kind = OrderMessageKind.Changed, Order = new(42), Merchant = new(437), Cause = "77", Doubts = [5], RowBytes = Row(new(1), 1, "x") };

        Assert.Equal(Binary(message), Binary(serde.Read(Convert.FromHexString(Binary(message)))));
        Assert.StartsWith("06", Binary(message), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_no_Utf8_goes_in_the_form_before()
    {
        var row = new ByteBuffer();
        (new ShopOrder(42).ToRow() with { Category = new byte[] { 0xC3, 0x28 }, HasCategory = true }).Write(new(row));
        var message = new OrderMessage { Kind = OrderMessageKind.Due, Order = new(42), Merchant = new(437), Cause = "", RowBytes = row.Written };

        var record = Written(message);

        Assert.False(MessageReader.Takes(record));
        Assert.Equal(Binary(message), Binary(serde.Read(record)));
    }

    [Fact]
    public void A_message_costs_no_allocation_but_its_own_texts()
    {
        var row = Row(new(5), 7, "x");
        var total = 0L;
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1_100 * row.Length, total);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                buffer.Clear();
                serde.Write(new() { Kind = OrderMessageKind.Due, Order = new(42), Merchant = new(437), Cause = "", RowBytes = row }, new(buffer));
                total += serde.Read(buffer.Written).RowBytes.Length;
            }
        }
    }

    [Fact]
    public void It_is_written_under_the_id_of_its_schema() =>
        Assert.Equal(MessageSchema.DueOrder.LocalId, WireFormat.Read(Written(new() { Kind = OrderMessageKind.Deleted, Order = new(1), Merchant = new(2) }), out _));

    public void Dispose() => messages.Dispose();

    /// <summary>What is no Unicode becomes U+FFFD in either form.</summary>
    static string Clean(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    static byte[] Row(Random random, long number, string text)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        var to = new ByteBuffer();
        new OrderRow
        {
            Id = new(number), Merchant = new(number ^ 5), Promoter = random.Next(2) == 0 ? null : new PromoterId(number), CarrierId = random.Next(2) == 0 ? null : number, BuyerCountry = utf8,
            HasCategory = random.Next(2) == 0, Category = default, Currency = "EUR"u8, Gross = Amount(random), Shipping = Amount(random), Refunded = Amount(random),
            Status = (OrderStatus)random.Next(8), ExportRefund = random.Next(2) == 0, CompletedAt = random.Next(2) == 0 ? null : new UtcInstant(number), Invoice = utf8,
        }.Write(new(to));
        return to.Written.ToArray();
    }

    static DecimalAmount Amount(Random random) =>
        DecimalAmount.TryParse(System.Text.Encoding.ASCII.GetBytes(Amounts[random.Next(Amounts.Length)]), out var amount) ? amount : throw new ArgumentException("no amount", nameof(random));

    byte[] Written(in OrderMessage message)
    {
        buffer.Clear();
        serde.Write(message, new(buffer));
        return buffer.Written.ToArray();
    }

    static string Binary(in OrderMessage message)
    {
        var to = new ByteBuffer();
        message.Write(new(to));
        return Convert.ToHexString(to.Written);
    }
}

using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Streams.Testing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>What a call's result costs settle: the small record, never the invoice and the lines, but for a body that is made of them.</summary>
public sealed class SettleCostTests
{
    readonly VirtualTime time = new(TestBench.Start.ToDateTimeOffset() + TestBench.Day);
    readonly LoneTask task;
    readonly SettleProcessor settle;

    public SettleCostTests()
    {
        var gate = new FiringGate(new(time), time, TimeSpan.MaxValue);
        gate.SourceRead(new(time.GetTimestamp(), [1]));
        Assert.True(gate.MayFire(0, 1, out _, out _));
        var progress = new ClockProgress(1);
        Assert.True(progress.Fired(0, assignment: 1, provenEnd: 1, UtcInstant.Now(time)));
        task = new(time);
        settle = new(BenchPorts.Of(gate) with { Progress = progress }, new SettlementSettings(), "due");
        settle.Init(task);
        PutMerchant();

        var row = new ByteBuffer();
        new ShopOrder(42) { Invoice = """{"no": "R-1"}""" }.ToRow().Write(new(row));
        settle.Process(new()
        {
            Key = default, TimestampMs = 0,
            Value = new()
            {
                Message = new()
                {
                    Kind = OrderMessageKind.Due, Order = new(42), Merchant = new(TestBench.Merchant), Cause = "77", DueAt = UtcInstant.Now(time), RowBytes = row.Written,
                },
            },
        });
        task.Punctuate(UtcInstant.Now(time));
    }

    void PutMerchant()
    {
        var (row, key) = (new ByteBuffer(), new byte[sizeof(long)]);
        PositionedRow.WriteHead(new(row), ChangePosition.Streamed(1, 1), deleted: false);
        new MerchantRow { Id = new(TestBench.Merchant), Tier = "STANDARD"u8, Country = "DE"u8, TimeZone = "UTC"u8 }.Write(new(row));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(key, TestBench.Merchant);
        task.Store(StoreNames.Merchants).Put(key, row.Written);
    }

    long DivisionTouchedBy(string key, DeliveryOutcome outcome)
    {
        var before = task.Store(StoreNames.Divisions).Touches;
        Assert.True(CallKey.TryParse(key, out var parsed));
        settle.Process(new() { Key = default, TimestampMs = 0, Value = new() { Result = new DeliveryResult(outcome, parsed, new(TestBench.Merchant), 1, UtcInstant.Now(time), "said") } });
        return task.Store(StoreNames.Divisions).Touches - before;
    }

    [Fact]
    public void A_result_reads_the_division_only_where_it_makes_a_body_and_never_writes_them()
    {
        Assert.Equal(1, task.Store(StoreNames.Divisions).Count);
        Assert.Equal(0, DivisionTouchedBy("42:verification:0", DeliveryOutcome.Failed));
        Assert.Equal(1, DivisionTouchedBy("42:verification:0", DeliveryOutcome.Confirmed));
        Assert.Equal(0, DivisionTouchedBy("42:tax:0", DeliveryOutcome.Confirmed));
        Assert.Equal(1, DivisionTouchedBy("42:split:0", DeliveryOutcome.Confirmed));
        Assert.Equal(0, DivisionTouchedBy("42:commission:0", DeliveryOutcome.Confirmed));
    }

    [Fact]
    public void A_task_for_which_nothing_waits_wakes_nobody_until_something_comes()
    {
        Assert.True(task.Punctuation.IsLazy);

        DivisionTouchedBy("42:verification:0", DeliveryOutcome.Failed);
        Assert.False(task.Punctuation.IsLazy);

        task.Punctuate(UtcInstant.Now(time));
        Assert.True(task.Punctuation.IsLazy);
    }

    [Fact]
    public void A_result_that_changes_nothing_writes_nothing()
    {
        var before = task.Store(StoreNames.Settlements).Touches;
        DivisionTouchedBy("42:verification:0", DeliveryOutcome.Failed);
        DivisionTouchedBy("42:split:0", DeliveryOutcome.Confirmed);
        Assert.Equal(2, task.Store(StoreNames.Settlements).Touches - before);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>What the state directory takes on a disk: by what is remembered, never by what has happened.</summary>
public sealed class StateSizeTests
{
    const int Orders = 200;
    const int ChangesAtATime = 1_000;
    const int First = 20_000;
    const int More = 100_000;

    /// <summary>The least that more changes would add if they were kept.</summary>
    const long BytesAChange = 200;

    static readonly TopicPartition Source = new(Topics.Orders(TestBench.Prefix), 0);

    [Fact]
    public async Task Changes_of_the_same_orders_do_not_make_the_directory_grow()
    {
        var directory = Directory.CreateTempSubdirectory("streamsettle-size-");
        try
        {
            await using var log = EmbeddedLog.Open(
                new() { Directory = directory.FullName, Partitions = 1, Database = new() { WriteBufferBytes = 4 << 20, MaxWalBytes = 4 << 20 } }, () => new(1, 0, 0, new byte[8]),
                NullLogger.Instance);
            var topology = Build();
            log.EnsureTopics(topology.Topics);
            await using var app = new StreamsApp(topology, log, new(), TimeProvider.System, NullLogger<StreamsApp>.Instance);
            app.Start();

            Change(log, First);
            var before = SizeOf(directory);
            Change(log, More);
            var after = SizeOf(directory);

            TestContext.Current.SendDiagnosticMessage("{0} changes: {1} bytes, {2} more: {3} bytes", First, before, More, after);
            Assert.InRange(after - before, long.MinValue, More * BytesAChange / 2);
            Assert.InRange(FirstKept(log), First, First + More);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Writes as many changes, and waits until all are processed.</summary>
    static void Change(EmbeddedLog log, int count)
    {
        using var client = log.OpenClient("shop", "1");
        var (serde, buffer) = (new OrderChangeSerde(), new ByteBuffer());
        var start = log.EndOffset(Source);
        for (var done = 0; done < count; done += ChangesAtATime)
        {
            var batch = new RecordBatch();
            for (var i = 0; i < ChangesAtATime; i++)
            {
                var lsn = 1 + start + done + i;
                var order = new ShopOrder(lsn % Orders) { Status = (OrderStatus)(1 + lsn % 3), CompletedAt = null };
                buffer.Clear();
                serde.Write(new() { Op = ChangeOp.Upsert, Id = new(order.Id), Position = ChangePosition.Streamed(lsn, lsn), Row = order.ToRow() }, new(buffer));
                batch.Add(lsn, keyIsNull: false, TestBench.KeyOf(order.Id), valueIsNull: false, buffer.Written, []);
            }

            var commit = new LogCommit();
            commit.Outputs.Add((Source, batch));
            client.Commit(commit);
        }

        Assert.True(
            SpinWait.SpinUntil(() => log.CommittedPosition(TestBench.App, Source) == log.EndOffset(Source), TimeSpan.FromMinutes(2)), "not all changes were processed in time");
    }

    static long FirstKept(EmbeddedLog log)
    {
        using var client = log.OpenClient("reader", "1");
        client.Assign([(Source, 0)]);
        var fetched = new FetchedRecords();
        client.Poll(fetched, TimeSpan.Zero);
        return fetched.Batches.Count == 0 ? log.EndOffset(Source) : fetched.Batches[0].BaseOffset;
    }

    static long SizeOf(DirectoryInfo directory) => directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    static Streams.Topologies.Topology Build()
    {
        var delivery = new ScriptedDelivery();
        return SettlementTopology.Build(TestBench.App, 1, new(), new SettlementPorts
        {
            SourcePrefix = TestBench.Prefix,
            OrderChanges = () => new OrderChangeSerde(),
            OrderKeys = () => new OrderKeySerde(),
            MerchantChanges = () => new MerchantChangeSerde(),
            PromoterChanges = () => new PromoterChangeSerde(),
            Rules = TestRules.Book,
            Gate = new(new(TimeProvider.System), TimeProvider.System, TimeSpan.FromSeconds(10)),
            Progress = new(1),
            Run = "bench",
            Delivery = delivery.AddTo,
            Group = (_, _) => { },
            Audit = new CollectedFacts(TimeProvider.System).Sink(),
        });
    }
}

using System.Globalization;
using System.Text;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>The peer's input: Debezium changes of about 720 B, orders spread evenly over days of event time, then a record a partition that moves stream time past the last mark.</summary>
sealed class OrderGenerator(ILogClient client, int partitions)
{
    const long StartMs = 1_790_000_000_000;
    const long DayMs = 86_400_000;
    const int Merchants = 5_000;
    const int OrdersPerCommit = 5_000;

    readonly RecordBatch[] batches = [.. Enumerable.Range(0, partitions).Select(_ => new RecordBatch())];

    /// <summary>Sum of the gross amounts, minor units.</summary>
    public long GrossMinor { get; private set; }

    /// <summary>Bytes of all values.</summary>
    public long ValueBytes { get; private set; }

    /// <summary>All orders, then the last records.</summary>
    public void Generate(int orders, int days)
    {
        GenerateSome(0, orders, days);
        for (var partition = 0; partition < partitions; partition++)
        {
            var timeMs = StartMs + (days + 2) * DayMs;
            Add(partition, timeMs, "{}"u8, Value(timeMs, orders + partition, 0, "CREATED", 1));
        }

        Commit();
    }

    /// <summary>Orders with these ids, the whole of them spread over <paramref name="days"/>.</summary>
    public void GenerateSome(int firstId, int orders, double days)
    {
        var random = new Random(7 + firstId);
        for (var id = firstId; id < firstId + orders; id++)
        {
            var timeMs = StartMs + (long)(id * days * DayMs / (firstId + orders));
            var gross = 100 + random.Next(2_000_000);
            GrossMinor += gross;
            var key = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"order_id":{{id}}}"""));
            Add(Murmur2.Partition(key, partitions), timeMs, key, Value(timeMs, id, random.Next(Merchants), "COMPLETED", gross));
            if ((id + 1) % OrdersPerCommit == 0)
            {
                Commit();
            }
        }

        Commit();
    }

    void Add(int partition, long timeMs, ReadOnlySpan<byte> key, string value)
    {
        var bytes = Encoding.ASCII.GetBytes(value);
        ValueBytes += bytes.Length;
        batches[partition].Add(timeMs, false, key, false, bytes, default);
    }

    void Commit()
    {
        var commit = new LogCommit();
        for (var partition = 0; partition < partitions; partition++)
        {
            if (batches[partition].Count > 0)
            {
                commit.Outputs.Add((new TopicPartition(DelayNames.Default.Changes, partition), batches[partition]));
            }
        }

        client.Commit(commit);
        Array.ForEach(batches, batch => batch.Clear());
    }

    static string Value(long timeMs, int id, int merchant, string status, int minor)
    {
        var at = new UtcInstant(timeMs * 1000).ToString();
        var completedAt = status == "COMPLETED" ? $"\"{at}\"" : "null";
        var promoter = id % 3 == 0 ? "9001" : "null";
        var (before, lsn) = (26_000_000L + id * 200L, 26_000_100L + id * 200L);
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"before":null,"after":{"order_id":{{{id}}},"merchant_id":{{{merchant}}},"promoter_id":{{{promoter}}},"buyer_country":"US","currency":"USD","gross_amount":"{{{minor / 100}}}.{{{minor % 100:00}}}","shipping_amount":"5.00","refunded_amount":"0.00","status":"{{{status}}}","completed_at":{{{completedAt}}},"invoice":null,"note":null,"updated_at":"{{{at}}}"},"source":{"version":"3.7.0.Final","connector":"postgresql","name":"shop","ts_ms":{{{timeMs}}},"snapshot":"false","db":"shop","sequence":"[\"{{{before}}}\",\"{{{lsn}}}\"]","schema":"public","table":"orders","txId":{{{id}}},"lsn":{{{lsn}}},"xmin":null},"transaction":null,"op":"c","ts_ms":{{{timeMs}}}}
            """);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Decodes plain Debezium envelopes of an order, 720 bytes each, as the intake does.</summary>
sealed class JsonJob : IBenchmarkJob
{
    const int Distinct = 1_000;
    const int RecordBytes = 720;
    const int WarmUp = 200_000;

    public string Name => "json";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var records = options.Count("records", 1_000_000);
        var envelopes = Enumerable.Range(1, Distinct).Select(Envelope).ToArray();
        var serde = new OrderChangeSerde();
        Decode(serde, envelopes, WarmUp);

        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var sum = Decode(serde, envelopes, records);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;

        var expected = Enumerable.Range(0, records).Sum(i => (long)(i % Distinct + 1) + 12_345);
        return sum == expected
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"job":"json","records":{{records}},"records_per_s":{{records / seconds:F0}},"allocated_bytes_per_record":{{(double)allocated / records:F2}},"record_bytes":{{envelopes[0].Length}}}""")
            : throw new InvalidOperationException($"the sum of what was decoded is {sum}, expected {expected}");
    }

    static long Decode(OrderChangeSerde serde, byte[][] envelopes, int records)
    {
        var sum = 0L;
        for (var i = 0; i < records; i++)
        {
            var change = serde.Read(envelopes[i % Distinct]);
            sum += change.Op == ChangeOp.Upsert && change.Row.Gross.TryToMinor(2, out var minor) ? change.Id.Value + minor : 0;
        }

        return sum;
    }

    static byte[] Envelope(int id)
    {
        var text = $$"""
            {"before":null,"after":{"order_id":{{id}},"merchant_id":501,"promoter_id":9001,"carrier_id":null,"buyer_country":"US","category":"books","currency":"USD","gross_amount":"123.4500","shipping_amount":"5.0000","refunded_amount":"0.0000","status":"COMPLETED","export_refund":false,"completed_at":"2026-11-01T00:00:00.000000Z","invoice":null,"note":"","updated_at":"2026-11-01T00:00:01.000000Z"},"source":{"version":"3.7.0.Final","connector":"postgresql","name":"shop","ts_ms":1795473888119,"snapshot":"false","db":"shop","sequence":"[null,\"26745624\"]","ts_us":1795473888119618,"schema":"public","table":"orders","txId":754,"lsn":26745624,"xmin":null},"transaction":null,"op":"c","ts_ms":1795473888457}
            """;
        return Encoding.UTF8.GetBytes(text.Replace("\"note\":\"\"", $"\"note\":\"{new string('n', Math.Max(0, RecordBytes - text.Length))}\"", StringComparison.Ordinal));
    }
}

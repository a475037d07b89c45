using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamSettle.Benchmarks.Avro;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Decodes Debezium's envelopes of an order in Avro, 257 bytes each, as the intake does, and fewer of the same by Confluent's generic deserializer. <c>--records</c> 1000000.</summary>
sealed class AvroJob : IBenchmarkJob
{
    const int Distinct = 1_000;
    const int DefaultRecords = 1_000_000;
    const int WarmUp = 200_000;

    /// <summary>Of so many records Confluent's reader gets one: it would take half a minute for a million.</summary>
    const int ConfluentShare = 10;
    const int GrossMinor = 12_345;

    public string Name => "avro";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var records = options.Count("records", DefaultRecords);
        var envelopes = Enumerable.Range(1, Distinct).Select(AvroEnvelope.Record).ToArray();
        var serde = new OrderChangeSerde(schemas: new AvroEnvelope());
        using var confluent = new ConfluentReader(AvroEnvelope.Schema);

        // Twice, so that the second run is compiled with what the first has shown.
        Decode(serde, envelopes, WarmUp);
        Decode(serde, envelopes, WarmUp);
        var others = Math.Max(Distinct, records / ConfluentShare);
        Decode(confluent, envelopes, others);

        var own = Measure(() => Decode(serde, envelopes, records));
        var other = Measure(() => Decode(confluent, envelopes, others));
        Check(own.Sum, records, GrossMinor);
        Check(other.Sum, others, 0);
        var (perSecond, confluentPerSecond) = (records / own.Seconds, others / other.Seconds);
        return new JsonObject
        {
            ["job"] = Name,
            ["records"] = records,
            ["records_per_s"] = Math.Round(perSecond),
            ["allocated_bytes_per_record"] = Math.Round((double)own.Allocated / records, 2),
            ["confluent_records_per_s"] = Math.Round(confluentPerSecond),
            ["confluent_allocated_bytes_per_record"] = Math.Round((double)other.Allocated / others),
            ["ratio"] = Math.Round(perSecond / confluentPerSecond, 1),
            ["record_bytes"] = envelopes[0].Length,
        }.ToJsonString();
    }

    static (long Sum, double Seconds, long Allocated) Measure(Func<long> decode)
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var sum = decode();
        return (sum, Stopwatch.GetElapsedTime(started).TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore);
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

    static long Decode(ConfluentReader reader, byte[][] envelopes, int records)
    {
        var sum = 0L;
        for (var i = 0; i < records; i++)
        {
            sum += reader.Read(envelopes[i % Distinct]);
        }

        return sum;
    }

    static void Check(long sum, int records, long each)
    {
        var expected = Enumerable.Range(0, records).Sum(i => (long)(i % Distinct + 1) + each);
        if (sum != expected)
        {
            throw new BrokenInvariantException($"the sum of what was decoded is {sum}, expected {expected}");
        }
    }
}

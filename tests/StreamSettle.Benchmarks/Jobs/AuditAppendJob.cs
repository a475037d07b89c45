using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Marten;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Events a second into the event log, exactly once, through the sink; and the same through Marten's sessions. 500 streams x 8 events a transaction.</summary>
internal sealed class AuditAppendJob : IBenchmarkJob
{
    const int StreamsPerBatch = 500;
    const int EventsPerStream = 8;
    const int PerBatch = StreamsPerBatch * EventsPerStream;
    const int DefaultEvents = 400_000;

    static readonly Guid Identity = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01");

    public string Name => "audit-append";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var batches = Math.Max(1, options.Count("events", DefaultEvents) / PerBatch);
        return RunAsync(batches).GetAwaiter().GetResult();
    }

    static async Task<string> RunAsync(int batches)
    {
        await using var server = await PrivatePostgres.StartAsync(new());
        await using var log = await OpenAsync(server, "sink");
        await log.RegisterLogAsync(new(Identity), CancellationToken.None);
        var sink = new AuditSink(log, Identity, TimeProvider.System, CancellationToken.None);
        await using var other = await OpenAsync(server, "sessions");
        await using var store = OpenStore(server, "sessions");
        Append(sink, 0);
        await SaveAsync(store, 0);

        // The two take turns, so that what else the machine does falls on both.
        var (sinkTime, sessionTime, allocated) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        for (var batch = 1; batch <= batches; batch++)
        {
            var (began, allocatedBefore) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
            Append(sink, batch);
            sinkTime += Stopwatch.GetElapsedTime(began);
            allocated += GC.GetTotalAllocatedBytes() - allocatedBefore;

            began = Stopwatch.GetTimestamp();
            await SaveAsync(store, batch);
            sessionTime += Stopwatch.GetElapsedTime(began);
        }

        var again = Stopwatch.StartNew();
        for (var batch = 1; batch <= batches; batch++)
        {
            Append(sink, batch, EventsPerStream);
        }

        again.Stop();
        Append(sink, batches);
        var events = batches * PerBatch;
        await CheckAsync(log, PerBatch + 2 * events);
        return new JsonObject
        {
            ["job"] = "audit-append",
            ["events"] = events,
            ["events_per_s"] = Math.Round(events / sinkTime.TotalSeconds),
            ["marten_session_events_per_s"] = Math.Round(events / sessionTime.TotalSeconds),
            ["ratio"] = Math.Round(sessionTime / sinkTime, 2),
            ["known_streams_events_per_s"] = Math.Round(events / again.Elapsed.TotalSeconds),
            ["allocated_bytes_per_event"] = allocated / events,
        }.ToJsonString();
    }

    static async Task<MartenEventLog> OpenAsync(PrivatePostgres server, string schema)
    {
        var log = new MartenEventLog(new() { ConnectionString = server.ConnectionString, Schema = schema });
        await log.OpenAsync(CancellationToken.None);
        return log;
    }

    static DocumentStore OpenStore(PrivatePostgres server, string schema) => DocumentStore.For(marten =>
    {
        marten.Connection(server.ConnectionString);
        SettlementEventStore.Configure(marten, schema);
    });

    /// <param name="firstRound">0 for streams that are new; <see cref="EventsPerStream"/> for more events of the same streams, at offsets behind those of all batches.</param>
    static void Append(AuditSink sink, int batch, int firstRound = 0)
    {
        var record = new ByteBuffer();
        var offset = ((long)firstRound << 32) + (long)batch * PerBatch;
        foreach (var (order, happened) in Events(batch, firstRound))
        {
            record.Clear();
            EventCodec.Write(new ByteWriter(record), new OrderId(order), happened);
            sink.Add("settlement-events", 0, offset++, record.Written);
        }

        sink.Flush();
    }

    /// <summary>Marten's own way, as one would write it: a session with quick append. It keeps no positions and looks for no duplicates.</summary>
    static async Task SaveAsync(DocumentStore store, int batch)
    {
        await using var session = store.LightweightSession();
        foreach (var stream in Events(batch).GroupBy(one => one.Order, one => (object)one.Happened))
        {
            session.Events.Append(stream.Key.ToString(CultureInfo.InvariantCulture), stream.ToArray());
        }

        await session.SaveChangesAsync();
    }

    static async Task CheckAsync(MartenEventLog log, long expected)
    {
        var counts = await log.CountsAsync(CancellationToken.None);
        var stream = await log.ReadStreamAsync(new OrderId(StreamsPerBatch), CancellationToken.None);
        if (counts.Events != expected || stream.Count != 2 * EventsPerStream)
        {
            throw new InvalidOperationException($"{expected} events were to be stored, but {counts.Events} are; a stream has {stream.Count} of {2 * EventsPerStream}");
        }
    }

    /// <summary>Round by round over the streams, as they come from the topic; bodies of about 300 B.</summary>
    static IEnumerable<(long Order, SettlementEvent Happened)> Events(int batch, int firstRound = 0)
    {
        const string recordedAt = "2026-11-02T10:00:00.123456Z";
        for (var round = firstRound; round < firstRound + EventsPerStream; round++)
        {
            for (var stream = 0; stream < StreamsPerBatch; stream++)
            {
                var order = (long)batch * StreamsPerBatch + stream;
                var key = $"{order}:commission:{round}";
                yield return (order, new DeliveryConfirmed($"{key}#1", recordedAt, key, "commission", round, 1, new string('r', 140)));
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Marten;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Ids;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Events a second into the event log, exactly once, through the sink, while they are sealed (<c>--seal off</c>: not), and while views are kept of them (<c>--projections orders,reports</c>; default none); and the same through Marten's sessions.</summary>
internal sealed class AuditAppendJob : IBenchmarkJob
{
    const int DefaultEvents = 400_000;

    static readonly TimeSpan SealInterval = TimeSpan.FromSeconds(1);

    static readonly Guid Identity = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01");

    public string Name => "audit-append";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var batches = Math.Max(1, options.Count("events", DefaultEvents) / AuditEvents.PerBatch);
        return RunAsync(batches, isSealed: options.GetValueOrDefault("seal", "on") != "off", options.GetValueOrDefault("projections", "")).GetAwaiter().GetResult();
    }

    static async Task<string> RunAsync(int batches, bool isSealed, string projections)
    {
        await using var server = await PrivatePostgres.StartAsync(new());
        await using var log = await OpenAsync(server, "sink");
        await log.RegisterLogAsync(new(Identity), CancellationToken.None);
        var sink = new AuditSink(log, Identity, TimeProvider.System, CancellationToken.None);
        using var key = NewKey();
        await using var sealer = isSealed ? new EventLogSealer(Options(server, "sink"), new() { Key = key, Interval = SealInterval }, Identity, TimeProvider.System) : null;
        using var stopSealing = new CancellationTokenSource();
        var sealing = sealer?.RunAsync(stopSealing.Token) ?? Task.CompletedTask;
        await using var views = new ViewLoad(Options(server, "sink"), projections);
        await using var other = await OpenAsync(server, "sessions");
        await using var store = OpenStore(server, "sessions");
        AuditEvents.Append(sink, 0);
        await SaveAsync(store, 0);

        // The two take turns, so that what else the machine does falls on both.
        var (sinkTime, sessionTime, allocated) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        for (var batch = 1; batch <= batches; batch++)
        {
            var (began, allocatedBefore) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
            AuditEvents.Append(sink, batch);
            sinkTime += Stopwatch.GetElapsedTime(began);
            allocated += GC.GetTotalAllocatedBytes() - allocatedBefore;

            began = Stopwatch.GetTimestamp();
            await SaveAsync(store, batch);
            sessionTime += Stopwatch.GetElapsedTime(began);
        }

        var again = Stopwatch.StartNew();
        for (var batch = 1; batch <= batches; batch++)
        {
            AuditEvents.Append(sink, batch, AuditEvents.EventsPerStream);
        }

        again.Stop();
        AuditEvents.Append(sink, batches);
        var events = batches * AuditEvents.PerBatch;
        await CheckAsync(log, AuditEvents.PerBatch + 2 * events);
        await stopSealing.CancelAsync();
        await sealing;
        var (projected, projectedPerSecond) = await views.CatchUpAsync();
        var meanwhile = sealer?.Status.Last?.Events ?? 0;
        await CheckSealedAsync(sealer, AuditEvents.PerBatch + 2 * events);
        return new JsonObject
        {
            ["job"] = "audit-append",
            ["events"] = events,
            ["events_per_s"] = Math.Round(events / sinkTime.TotalSeconds),
            ["marten_session_events_per_s"] = Math.Round(events / sessionTime.TotalSeconds),
            ["ratio"] = Math.Round(sessionTime / sinkTime, 2),
            ["known_streams_events_per_s"] = Math.Round(events / again.Elapsed.TotalSeconds),
            ["sealed_meanwhile"] = meanwhile,
            ["projected_meanwhile"] = projected,
            ["then_projected_per_s"] = projectedPerSecond,
            ["allocated_bytes_per_event"] = allocated / events,
        }.ToJsonString();
    }

    static async Task<MartenEventLog> OpenAsync(PrivatePostgres server, string schema)
    {
        var log = new MartenEventLog(Options(server, schema));
        await log.OpenAsync(CancellationToken.None);
        return log;
    }

    static DocumentStore OpenStore(PrivatePostgres server, string schema) => DocumentStore.For(marten =>
    {
        marten.Connection(server.ConnectionString);
        SettlementEventStore.Configure(marten, schema);
    });

    /// <summary>Marten's own way, as one would write it: a session with quick append. It keeps no positions and looks for no duplicates.</summary>
    static async Task SaveAsync(DocumentStore store, int batch)
    {
        await using var session = store.LightweightSession();
        foreach (var stream in AuditEvents.Of(batch).GroupBy(one => one.Order, one => (object)one.Happened))
        {
            session.Events.Append(stream.Key.ToString(CultureInfo.InvariantCulture), stream.ToArray());
        }

        await session.SaveChangesAsync();
    }

    static AuditOptions Options(PrivatePostgres server, string schema) => new() { ConnectionString = server.ConnectionString, Schema = schema };

    static SealKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SealKey.Read(null, key.ExportPkcs8PrivateKeyPem());
    }

    static async Task CheckSealedAsync(EventLogSealer? sealer, long expected)
    {
        if (sealer is not null && (await sealer.SealNowAsync(CancellationToken.None))?.Events is var found && found != expected)
        {
            throw new InvalidOperationException($"{expected} events were to be sealed, but {found} are");
        }
    }

    static async Task CheckAsync(MartenEventLog log, long expected)
    {
        var counts = await log.CountsAsync(CancellationToken.None);
        var stream = await log.ReadStreamAsync(new OrderId(AuditEvents.StreamsPerBatch), CancellationToken.None);
        if (counts.Events != expected || stream.Count != 2 * AuditEvents.EventsPerStream)
        {
            throw new InvalidOperationException($"{expected} events were to be stored, but {counts.Events} are; a stream has {stream.Count} of {2 * AuditEvents.EventsPerStream}");
        }
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Ids;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Events a second that <c>audit verify</c> reads, hashes and holds against seals and kept hashes; how long sealing them took, and making and checking an order's proof takes.</summary>
internal sealed class AuditVerifyJob : IBenchmarkJob
{
    const int DefaultEvents = 1_000_000;

    static readonly Guid Identity = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a02");

    public string Name => "audit-verify";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(Math.Max(1, options.Count("events", DefaultEvents) / AuditEvents.PerBatch)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int batches)
    {
        await using var server = await PrivatePostgres.StartAsync(new());
        var options = new AuditOptions { ConnectionString = server.ConnectionString };
        await FillAsync(options, batches);
        var events = (long)batches * AuditEvents.PerBatch;
        using var key = NewKey();
        var sealing = Stopwatch.StartNew();
        await using (var sealer = new EventLogSealer(options, new() { Key = key }, Identity, TimeProvider.System))
        {
            await sealer.SealNowAsync(CancellationToken.None);
        }

        sealing.Stop();
        await using var verifier = new EventLogVerifier(options);
        Check(await verifier.VerifyAsync([key], [], CancellationToken.None), events);
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Check(await verifier.VerifyAsync([key], [], CancellationToken.None), events);
        var (took, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu);

        var proving = Stopwatch.StartNew();
        await using var proofs = new OrderProofs(options);
        var (proof, _) = await proofs.OfOrderAsync(new OrderId(AuditEvents.StreamsPerBatch), CancellationToken.None);
        proving.Stop();
        if (ProofCheck.Problem(proof, [key]) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        await PlantAsync(server, events);
        return await verifier.VerifyAsync([key], [], CancellationToken.None) is { IsSound: false, Breaks: [{ } found] } && found.Sequence == events / 2
            ? new JsonObject
            {
                ["job"] = "audit-verify",
                ["events"] = events,
                ["events_per_s"] = Math.Round(events / took.TotalSeconds),
                ["own_cpu_us_per_event"] = Math.Round(used.TotalMicroseconds / events, 2),
                ["sealed_events_per_s"] = Math.Round(events / sealing.Elapsed.TotalSeconds),
                ["proof_of_order_ms"] = Math.Round(proving.Elapsed.TotalMilliseconds, 1),
                ["inclusion_proof_bytes"] = proof.Events![0].Path.Count * TreeHash.Size,
            }.ToJsonString()
            : throw new InvalidOperationException("an event was altered, but not found");
    }

    static async Task FillAsync(AuditOptions options, int batches)
    {
        await using var log = new MartenEventLog(options);
        await log.OpenAsync(CancellationToken.None);
        await log.RegisterLogAsync(new(Identity), CancellationToken.None);
        var sink = new AuditSink(log, Identity, TimeProvider.System, CancellationToken.None);
        for (var batch = 0; batch < batches; batch++)
        {
            AuditEvents.Append(sink, batch);
        }
    }

    static SealKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SealKey.Read(null, key.ExportPkcs8PrivateKeyPem());
    }

    static void Check(LogVerdict verdict, long events)
    {
        if (!verdict.IsSound || verdict.Events != events || verdict.NotSealed != 0)
        {
            throw new InvalidOperationException($"{events} events were to be found sound, but {verdict.Events} are: {string.Join("; ", verdict.Breaks)}");
        }
    }

    /// <summary>One event in the middle, as who may do everything.</summary>
    static async Task PlantAsync(PrivatePostgres server, long events)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; update settlement.mt_events set version = version + 100 where seq_id = {events / 2}", connection);
        await command.ExecuteNonQueryAsync();
    }
}

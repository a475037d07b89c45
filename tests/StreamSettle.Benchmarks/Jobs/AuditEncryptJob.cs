using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>What encrypting personal data costs: events a second into two event logs in turn, one of which encrypts, and the encryption of a calculation by itself. Every eighth event has a personal field, of 5,000 merchants.</summary>
internal sealed class AuditEncryptJob : IBenchmarkJob
{
    const int DefaultEvents = 200_000;
    const int Alone = 200_000;
    const int Merchants = 5_000;

    static readonly Guid Identity = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01");

    public string Name => "audit-encrypt";

    public string Run(IReadOnlyDictionary<string, string> options) =>
        RunAsync(Math.Max(1, options.Count("events", DefaultEvents) / AuditEvents.PerBatch)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int batches)
    {
        var ring = new KeyRing([MasterKey.Read("bench", Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Bytes)))], "bench");
        await using var server = await PrivatePostgres.StartAsync(new());
        await using var plain = await OpenAsync(new() { ConnectionString = server.ConnectionString, Schema = "plain" });
        await using var encrypted = await OpenAsync(new() { ConnectionString = server.ConnectionString, Schema = "encrypted", Keys = ring });
        AuditSink[] sinks = [.. new[] { plain, encrypted }.Select(log => new AuditSink(log, Identity, TimeProvider.System, CancellationToken.None))];
        var (times, allocated) = (new TimeSpan[2], new long[2]);
        for (var batch = 0; batch <= batches; batch++)
        {
            for (var i = 0; i < 2; i++)
            {
                var (began, before) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
                Append(sinks[i], batch);
                // The first makes connections, plans and code.
                times[i] += batch == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(began);
                allocated[i] += batch == 0 ? 0 : GC.GetTotalAllocatedBytes() - before;
            }
        }

        var read = await encrypted.ReadStreamAsync(new(1), CancellationToken.None);
        if (read[0].Event() is not SettlementCalculated { InvoiceDigest: "0123456789abcdef" })
        {
            throw new InvalidOperationException($"what was encrypted reads {read[0].Json}");
        }

        var events = batches * AuditEvents.PerBatch;
        var (nanoseconds, bytes) = EncryptAlone();
        return new JsonObject
        {
            ["job"] = "audit-encrypt",
            ["events"] = events,
            ["plain_events_per_s"] = Math.Round(events / times[0].TotalSeconds),
            ["encrypted_events_per_s"] = Math.Round(events / times[1].TotalSeconds),
            ["ratio"] = Math.Round(times[1] / times[0], 3),
            ["plain_bytes_per_event"] = allocated[0] / events,
            ["encrypted_bytes_per_event"] = allocated[1] / events,
            ["cpu_ns_per_encrypted_event"] = nanoseconds,
            ["bytes_per_encrypted_event"] = bytes,
        }.ToJsonString();
    }

    /// <summary>By this process's own processor time, whatever else the machine does.</summary>
    static (long Nanoseconds, long Bytes) EncryptAlone()
    {
        using var key = new DataKey(Identity, RandomNumberGenerator.GetBytes(DataKey.SecretBytes));
        var (json, to) = (EventJson.Write(Calculated(7)), new ByteBuffer());
        for (var i = 0; i < Alone / 10; i++)
        {
            Encrypt(i);
        }

        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < Alone; i++)
        {
            Encrypt(i);
        }

        return ((long)((Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / Alone), (GC.GetAllocatedBytesForCurrentThread() - allocated) / Alone);

        void Encrypt(int order)
        {
            to.Clear();
            FieldEncryption.Write(EventBody.Read(EventKind.SettlementCalculated, json), new(order), key, to);
        }
    }

    static void Append(AuditSink sink, int batch)
    {
        var record = new ByteBuffer();
        var offset = (long)batch * AuditEvents.PerBatch;
        foreach (var (order, happened) in AuditEvents.Of(batch))
        {
            record.Clear();
            var isFirst = offset - ((long)batch * AuditEvents.PerBatch) < AuditEvents.StreamsPerBatch;
            EventCodec.Write(new ByteWriter(record), new OrderId(order), isFirst ? Calculated(order) : happened);
            sink.Add("settlement-events", 0, offset++, record.Written);
        }

        sink.Flush();
    }

    static SettlementCalculated Calculated(long order) => new(
        "calculated", "2026-11-02T10:00:00.123456Z", order % Merchants, "EUR", 12_000, 0, 12_000, "2026-01", true, 0,
        [new("tax:DE", 1_916, "included 19% of 12000"), new("carrier:7", 490, "shipping"), new("platform", 504, "fee 5% of 10084"), new("merchant:7", 9_090, "what is left")],
        "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z", new("DE", 490, false, [1, 2, 3], "books", "gold", 7), "0123456789abcdef");

    static async Task<MartenEventLog> OpenAsync(AuditOptions options)
    {
        var log = new MartenEventLog(options);
        await log.OpenAsync(CancellationToken.None);
        await log.RegisterLogAsync(new(Identity), CancellationToken.None);
        return log;
    }
}

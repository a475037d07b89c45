using System.Security.Cryptography;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Audit.Tests.Postgres;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>An event log that is written, sealed, tampered with and verified.</summary>
sealed class SealedLog : IAsyncDisposable
{
    static readonly CancellationToken Never = CancellationToken.None;

    readonly MartenEventLog log;
    long next;

    SealedLog(AuditOptions options, SealKey key)
    {
        (Options, Key, log) = (options, key, new(options));
        Sealer = NewSealer();
    }

    public AuditOptions Options { get; }

    public SealKey Key { get; }

    public MartenEventLog Log => log;

    public EventLogSealer Sealer { get; private set; }

    /// <param name="keys">By which personal fields are encrypted; default: they are not.</param>
    public static async Task<SealedLog> CreateAsync(PostgresFixture postgres, KeyRing? keys = null)
    {
        var one = new SealedLog(await postgres.NewEventLogAsync() with { Keys = keys ?? KeyRing.None }, NewKey("2026-a"));
        await one.log.RegisterLogAsync(new(EventLog.Sample.Log), Never);
        return one;
    }

    public static SealKey NewKey(string? id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SealKey.Read(id, key.ExportPkcs8PrivateKeyPem());
    }

    public EventLogSealer NewSealer(SealKey? key = null, int events = 100_000) =>
        new(Options, new() { Key = key ?? Key, Events = events }, EventLog.Sample.Log, TimeProvider.System);

    /// <summary>Events of orders 0 to 4, a batch a stream of them.</summary>
    public async Task AppendAsync(int events)
    {
        var batch = Batch(next, [.. Enumerable.Range(0, events).Select(i => ((next + i) % 5, (SettlementEvent)Due($"{next + i}")))]);
        await log.AppendAsync(batch, Never);
        next += events;
    }

    /// <summary>Appends some events and seals them, so many times.</summary>
    public async Task<Seal> SealAsync(params int[] counts)
    {
        Seal? seal = null;
        foreach (var count in counts)
        {
            await AppendAsync(count);
            seal = await Sealer.SealNowAsync(Never);
        }

        return seal!;
    }

    /// <summary>As who may do everything: triggers, rights and foreign keys do not hold.</summary>
    public void Tamper(string sql) => PostgresFixture.Execute(Options, $"set session_replication_role = replica; {sql}");

    public async Task<LogVerdict> VerifyAsync(params SignedSeal[] exported) => await VerifyAsync([Key], exported);

    public async Task<LogVerdict> VerifyAsync(IReadOnlyCollection<SealKey> keys, params SignedSeal[] exported)
    {
        await using var verifier = new EventLogVerifier(Options);
        return await verifier.VerifyAsync(keys, exported, Never);
    }

    public async Task<SignedSeal> ExportAsync()
    {
        await using var verifier = new EventLogVerifier(Options);
        return (await verifier.NewestSealAsync(Never))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Sealer.DisposeAsync();
        await log.DisposeAsync();
        Key.Dispose();
    }
}

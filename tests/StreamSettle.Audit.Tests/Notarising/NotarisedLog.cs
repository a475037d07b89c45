using Microsoft.Extensions.Time.Testing;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.TimeStamps;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Audit.Tests.Sealing;
using StreamSettle.Kernel.Money;
using StreamSettle.Tests.Notaries;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>A sealed event log of which each seal, and each split above 100 euros, is stamped by OpenSSL's authority.</summary>
sealed class NotarisedLog : IAsyncDisposable
{
    static readonly CancellationToken Never = CancellationToken.None;

    readonly List<IDisposable> owned = [];

    /// <summary>Far from those of the sealed log's events.</summary>
    long next = 1_000_000;

    NotarisedLog(SealedLog log, OpenSslAuthority authority) => (Log, Authority, Roots) = (log, authority, TrustRoots.Read(authority.Root, "the test's root"));

    public SealedLog Log { get; }

    public OpenSslAuthority Authority { get; }

    public TrustRoots Roots { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public static async Task<NotarisedLog> CreateAsync(PostgresFixture postgres) => new(await SealedLog.CreateAsync(postgres), await OpenSslAuthority.StartAsync());

    public TimeStampNotary NewAuthorityNotary()
    {
        var notary = new TimeStampNotary(new() { Url = Authority.Url, Roots = Roots, Timeout = TimeSpan.FromSeconds(30) }, Guid.NewGuid);
        owned.Add(notary);
        return notary;
    }

    public EventLogNotariser NewNotariser(AuditOptions? options = null, params INotary[] notaries)
    {
        Currency.TryParse("EUR", out var euro);
        return new(options ?? Log.Options, new() { Interval = TimeSpan.Zero, SplitsAbove = SplitAmounts.Of([(euro, 10_000)]) }, notaries.Length > 0 ? notaries : [NewAuthorityNotary()], Time);
    }

    /// <summary>Splits of orders from 100 on, sealed at once.</summary>
    public async Task SplitAsync(params long[] nets)
    {
        var first = next;
        await Log.Log.AppendAsync(Batch(first, [.. nets.Select((net, at) => (first + at, (SettlementEvent)(Calculated() with { Net = net })))]), Never);
        next += nets.Length;
        await Log.Sealer.SealNowAsync(Never);
    }

    /// <summary>Steps until no notary has anything left.</summary>
    public async Task NotariseAsync(EventLogNotariser notariser)
    {
        do
        {
            await notariser.StepAsync(Never);
            Time.Advance(TimeSpan.FromMinutes(2));
        }
        while (notariser.Status.Notaries.Any(one => one.Standing?.Open > 0));
    }

    public async Task<NotarisationVerdict> VerifyAsync(IEvidenceCheck? check = null)
    {
        await using var verifier = new NotarisationVerifier(Log.Options);
        return await verifier.VerifyAsync(check ?? new EvidenceCheck(Roots, null), Never);
    }

    public async ValueTask DisposeAsync()
    {
        owned.ForEach(one => one.Dispose());
        Roots.Dispose();
        await Authority.DisposeAsync();
        await Log.DisposeAsync();
    }
}

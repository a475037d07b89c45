using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Proofs;
using StreamSettle.Audit.Tests.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Tests.Notaries;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>Notarising goes on from wherever it was ended, by whoever comes next, and waits for notaries that are away.</summary>
public sealed class NotariserTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Seals_and_splits_above_the_amount_are_stamped_and_taken_along_with_a_proof()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await log.Log.SealAsync(3, 4);
        await using var notariser = log.NewNotariser();
        await log.NotariseAsync(notariser);
        await log.SplitAsync(10_000, 10_001, 9_999, 50_000);
        await log.NotariseAsync(notariser);

        // The seal before the first is testified to by the chain of seals; of splits those above the amount are.
        Assert.Equal(["seal 2", "seal 3", "event 9", "event 11"], Statements(log).Select(one => one.SubjectText));
        var verdict = await log.VerifyAsync();
        Assert.Empty(verdict.Breaks);
        Assert.Equal((4, 0), (verdict.Planned, verdict.SealsBehind));
        Assert.Equal(("rfc3161", 4, "Test time stamps", 0), Told(verdict));

        await using var proofs = new OrderProofs(log.Log.Options);
        var (file, _) = await proofs.OfOrderAsync(new(1_000_001), Never);
        Assert.Equal(["seal 3", "event 9"], file.Notarisations!.Select(one => Notarisation.Read(one.Statement)!.SubjectText));
        Assert.Null(ProofCheck.Problem(file, [log.Log.Key]));

        // A later seal that nobody has stamped yet proves no more of an order that has not changed.
        await log.Log.SealAsync(5);
        var (later, _) = await proofs.OfOrderAsync(new(1_000_001), Never);
        Assert.Equal(file.Seal, later.Seal);
        Assert.Contains("another event", ProofCheck.Problem(file with { Notarisations = (await proofs.OfOrderAsync(new(1_000_003), Never)).File.Notarisations }, [log.Log.Key]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_while_a_notary_is_away_outlives_the_instance_and_is_stamped_when_it_is_back()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await log.Authority.GoAwayAsync();
        for (var round = 0; round < 3; round++)
        {
            await log.SplitAsync(20_000);
            await using var one = log.NewNotariser();
            await one.StepAsync(Never);
            Assert.Contains("is not reached", one.Status.Notaries[0].Reason, StringComparison.Ordinal);
            Assert.Equal(2 * round + 2, one.Status.Notaries[0].Standing!.Open);
            Assert.NotNull(one.Status.Notaries[0].FailingSince);
        }

        Assert.Equal(("rfc3161", 0, null, 6), Told(await log.VerifyAsync()));
        log.Authority.ComeBack();
        await using var next = log.NewNotariser();
        await log.NotariseAsync(next);
        Assert.Equal(("rfc3161", 6, "Test time stamps", 0), Told(await log.VerifyAsync()));
        Assert.Equal((6, 6), (log.Authority.Asked, next.Done.Single().Count));
    }

    [Fact]
    public async Task While_a_notary_fails_it_is_asked_less_and_less_often()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await log.SplitAsync(20_000);
        log.Authority.Faults = (_, answer) => (503, answer);
        await using var notariser = log.NewNotariser();
        for (var second = 0; second < 300; second++)
        {
            await notariser.StepAsync(Never);
            log.Time.Advance(TimeSpan.FromSeconds(1));
        }

        // After 0, 1, 3, 7, 15, 31, 63 and each 60 seconds from then on.
        Assert.InRange(log.Authority.Asked, 9, 11);
    }

    /// <summary>Killed at each write: before the number of a transaction is kept, after it was sent, and before what was confirmed is kept.</summary>
    [Theory]
    [InlineData("sending")]
    [InlineData("sent")]
    [InlineData("notarised")]
    public async Task A_round_that_is_cut_off_at_any_write_sends_each_digest_once(string kind)
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var node = await EthereumDevNode.StartAsync();
        using var chain = new EthereumNotary(new() { Url = node.Url, Account = node.Accounts[0], ChainId = EthereumDevNode.ChainId, Confirmations = 1 }, log.Time);
        await log.SplitAsync(20_000, 30_000);
        PostgresFixture.Execute(log.Log.Options, $"create function cut() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$; create trigger cut before insert on settlement.streamsettle_notary_steps for each row when (new.kind = '{kind}') execute function cut()");
        await using (var cut = log.NewNotariser(null, chain))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => cut.StepAsync(Never));
        }

        PostgresFixture.Execute(log.Log.Options, "drop function cut cascade");
        await node.MineAsync(2);
        await using var next = log.NewNotariser(null, chain);
        await log.NotariseAsync(next);

        Assert.Equal(Statements(log).Select(one => $"0x{one.Digest}"), (await node.InputsAsync()).Where(input => input.Length > 2));
        using var own = new EthereumNode(node.Url, null, TimeSpan.FromSeconds(10));
        Assert.Equal(("ethereum", 3, "chain 31337", 0), Told(await log.VerifyAsync(new EvidenceCheck(null, own))));
        Assert.Equal(3, Assert.Single((await log.VerifyAsync()).Notaries).NotChecked);
    }

    [Fact]
    public async Task One_instance_at_a_time_does_the_work_and_another_goes_on_when_it_is_gone()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await log.SplitAsync(20_000);
        await using var second = log.NewNotariser();
        await using (var first = log.NewNotariser())
        {
            await first.StepAsync(Never);
            await log.SplitAsync(20_000);
            await second.StepAsync(Never);
            Assert.True(second.Status.IsElsewhere);
            Assert.Equal(0, second.Done.Single().Count);
        }

        await log.NotariseAsync(second);
        Assert.False(second.Status.IsElsewhere);
        Assert.Equal(2, second.Done.Single().Count);
        Assert.Empty((await log.VerifyAsync()).Breaks);
    }

    [Fact]
    public async Task A_notary_that_comes_later_is_asked_for_what_comes_then()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var node = await EthereumDevNode.StartAsync();
        await log.SplitAsync(20_000);
        await using (var alone = log.NewNotariser())
        {
            await log.NotariseAsync(alone);
        }

        using var chain = new EthereumNotary(new() { Url = node.Url, Account = node.Accounts[0], ChainId = EthereumDevNode.ChainId, Confirmations = 1 }, log.Time);
        await using var both = log.NewNotariser(null, log.NewAuthorityNotary(), chain);
        await both.StepAsync(Never);
        Assert.Empty(await node.InputsAsync());
        await log.SplitAsync(20_000);
        await log.NotariseAsync(both);

        Assert.Equal(2, (await node.InputsAsync()).Count);
        Assert.Equal([("ethereum", 2L), ("rfc3161", 4L)], (await log.VerifyAsync()).Notaries.Select(one => (one.Notary, one.Sound + one.NotChecked)));
    }

    [Fact]
    public async Task The_writer_notarises_the_auditor_verifies_and_nobody_alters_what_is_there()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var written = new MartenEventLog(roles.Writer);
        await written.RegisterLogAsync(new(Log), Never);
        await written.AppendAsync(Batch(0, (42, Scheduled()), (42, Calculated())), Never);
        await using var sealer = new Audit.Marten.Sealing.EventLogSealer(roles.Writer, new() { Key = log.Log.Key }, Log, TimeProvider.System);
        await sealer.SealNowAsync(Never);
        await using var notariser = log.NewNotariser(roles.Writer);
        await log.NotariseAsync(notariser);

        await using var verifier = new NotarisationVerifier(roles.Auditor);
        Assert.Equal(("rfc3161", 2, "Test time stamps", 0), Told(await verifier.VerifyAsync(new EvidenceCheck(log.Roots, null), Never)));
        foreach (var table in (string[])["streamsettle_notarisations", "streamsettle_notary_steps"])
        {
            foreach (var sql in (string[])[$"delete from settlement.{table}", $"truncate settlement.{table} cascade", $"update settlement.{table} set number = 7"])
            {
                Assert.All((AuditOptions[])[roles.Owner, roles.Writer, roles.Auditor], role => Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(role, sql)));
            }

            Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(roles.Auditor, $"insert into settlement.{table} default values"));
        }

        // Rights of an earlier release: it is said, and nothing is claimed.
        PostgresFixture.Execute(roles.Owner, "revoke select on settlement.streamsettle_notary_steps from public, " + string.Join(", ", Names(roles)));
        Assert.Contains("may not read", (await verifier.VerifyAsync(new EvidenceCheck(log.Roots, null), Never)).Unread, StringComparison.Ordinal);
    }

    static IEnumerable<string> Names(AuditRoles roles) => ((AuditOptions[])[roles.Writer, roles.Auditor])
        .Select(role => new Npgsql.NpgsqlConnectionStringBuilder(role.ConnectionString).Username!).Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

    static IReadOnlyList<Notarisation> Statements(NotarisedLog log) =>
        [.. PostgresFixture.Scalar<string[]>(log.Log.Options, "select array_agg(statement order by number) from settlement.streamsettle_notarisations").Select(text => Notarisation.Read(text)!)];

    static (string Notary, long Sound, string? By, long Waiting) Told(NotarisationVerdict verdict)
    {
        Assert.Empty(verdict.Breaks);
        var one = Assert.Single(verdict.Notaries);
        return (one.Notary, one.Sound, one.By, one.Waiting);
    }
}

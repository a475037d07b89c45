using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Sandbox.Tests.Postgres;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Audit;

public class DemoAuditorTests(SharedPostgres postgres)
{
    const string LogSql = """
        create schema settlement;
        create table settlement.mt_streams (id varchar primary key, version bigint);
        create table settlement.mt_events (seq_id bigint primary key, id uuid not null, stream_id varchar, version bigint not null, data jsonb not null, type varchar(500) not null, is_archived boolean default false);
        insert into settlement.mt_streams values ('1', 3);
        insert into settlement.mt_events (seq_id, id, stream_id, version, type, data) values
          (1, gen_random_uuid(), '1', 1, 'settlement_scheduled', '{"MerchantId":1,"CompletedAt":"2026-01-01T00:00:00Z","DueAt":"2026-01-02T00:00:00Z","Cause":"1","RecordedAt":"2026-01-01T00:00:01.5Z"}'),
          (2, gen_random_uuid(), '1', 2, 'settlement_calculated', '{"MerchantId":1,"Currency":"EUR","Gross":1000,"Refunded":0,"Net":1000,"RuleVersion":"v","Priority":true,"ExportRefund":0,"Lines":[{"Party":"merchant:1","Amount":999,"Explanation":"rest"}],"Cause":"2","RecordedAt":"2026-01-02T00:00:01Z"}'),
          (3, gen_random_uuid(), '1', 3, 'settlement_completed', '{"Discarded":["verification","split"],"Cause":"3","RecordedAt":"2026-01-02T00:00:02Z"}');
        """;

    [Fact]
    public async Task The_three_witnesses_are_read_from_real_tables()
    {
        var database = await postgres.NewDatabaseAsync();
        await SandboxShop.RunAsync(new() { Orders = 3, Fates = FateShares.None, CompletedAgo = TimeSpan.FromDays(2) }, database, TimeProvider.System);
        await ExecuteAsync(database, LogSql);

        var options = new DemoAuditorOptions { SourceConnectionString = database, Tolerance = new() { Grace = TimeSpan.Zero } };
        var report = await DemoAuditor.RunAsync(options, [], [], TimeProvider.System);

        Finding Of(string invariant) => report.Findings.Single(finding => finding.Invariant == invariant);
        Assert.Contains("order 1: the lines sum to 999, net is 1000", Of("I1").Examples);
        Assert.Equal(["order 2 is completed and past its mark, but the log does not know it", "order 3 is completed and past its mark, but the log does not know it"], Of("I2").Examples);
        Assert.Equal(Verdict.Holds, Of("I8").Verdict);
        Assert.Equal(Verdict.NotChecked, Of("I11").Verdict);
    }

    [Fact]
    public async Task A_database_without_an_event_log_is_the_users_mistake()
    {
        var database = await postgres.NewDatabaseAsync();
        await SandboxShop.RunAsync(new() { Orders = 1, Fates = FateShares.None }, database, TimeProvider.System);
        var mistake = await Assert.ThrowsAsync<UserMistakeException>(() => DemoAuditor.RunAsync(new() { SourceConnectionString = database }, [], [], TimeProvider.System));
        Assert.Contains("no event log in schema 'settlement'", mistake.Message, StringComparison.Ordinal);
    }

    static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

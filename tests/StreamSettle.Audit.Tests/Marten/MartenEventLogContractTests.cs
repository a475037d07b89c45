using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.EventLog;
using StreamSettle.Audit.Tests.Postgres;

namespace StreamSettle.Audit.Tests.Marten;

public sealed class MartenEventLogContractTests(PostgresFixture postgres) : EventLogContract, IAsyncDisposable
{
    readonly List<MartenEventLog> opened = [];

    protected override async Task<IEventLog> NewLogAsync()
    {
        var log = new MartenEventLog(await postgres.NewDatabaseAsync());
        opened.Add(log);
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }
    }
}

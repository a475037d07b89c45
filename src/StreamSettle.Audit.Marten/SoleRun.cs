using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten;

/// <summary>
/// The right to be the only one of several instances that does something beside the others: an advisory lock of the event log's database for the life of a session. Unlike a
/// <see cref="LogLease"/> nothing is lost when two have it for a moment, so nobody is ended for it.
/// </summary>
public sealed class SoleRun : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-sole";

    readonly NpgsqlDataSource source;
    readonly NpgsqlConnection session;

    SoleRun(NpgsqlDataSource source, NpgsqlConnection session) => (this.source, this.session) = (source, session);

    /// <returns>Null where another instance has it.</returns>
    internal static async Task<SoleRun?> TryTakeAsync(string connectionString, string name, CancellationToken stop)
    {
        var alone = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        var source = AuditSessions.Create(alone, ApplicationName, writeBufferBytes: 8 * 1024);
        SoleRun? taken = null;
        try
        {
            var session = await source.OpenConnectionAsync(stop);
            var run = new SoleRun(source, session);
            await using var take = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", session) { Parameters = { new() { Value = name } } };
            if (await take.ExecuteScalarAsync(stop) is true)
            {
                taken = run;
            }
            else
            {
                await session.DisposeAsync();
            }

            return taken;
        }
        finally
        {
            if (taken is null)
            {
                await source.DisposeAsync();
            }
        }
    }

    /// <summary>Asks the session that has it.</summary>
    /// <exception cref="EnvironmentFailedException">It is gone, and the right with it.</exception>
    public async Task HoldAsync(CancellationToken stop)
    {
        try
        {
            await using var ping = new NpgsqlCommand("select 1", session);
            await ping.ExecuteNonQueryAsync(stop);
        }
        catch (Exception broken) when (broken is NpgsqlException or IOException or InvalidOperationException)
        {
            throw new EnvironmentFailedException($"The session to the event log's database is gone: {broken.Message}", broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await source.DisposeAsync();
    }
}

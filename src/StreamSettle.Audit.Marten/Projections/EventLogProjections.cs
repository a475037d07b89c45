using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What a person does with projections: looks how far they are, and has one made anew.</summary>
/// <exception cref="EnvironmentFailedException">Every call, while the event log cannot be reached.</exception>
/// <exception cref="UserMistakeException">Every call, when credentials, rights, database or schema are wrong.</exception>
public sealed class EventLogProjections : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-projections";

    const string IsHeld = """
        select exists (
            select from pg_locks held
             where held.locktype = 'advisory' and held.granted and held.objsubid = 1 and held.database = (select oid from pg_database where datname = current_database())
               and (held.classid::bigint << 32 | held.objid::bigint) = hashtextextended($1, 0))
        """;

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public EventLogProjections(AuditOptions options)
    {
        options.RequireSound();
        tables = new(options.Schema);
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, writeBufferBytes: 8 * 1024);
    }

    /// <summary>How far each has come, and whether somebody runs it; SELECT is enough.</summary>
    public Task<IReadOnlyList<(ProjectionPlace Place, bool IsRun)>> ListAsync(CancellationToken stop) => GuardAsync(async connection =>
    {
        List<(ProjectionPlace, bool)> found = [];
        foreach (var place in await new ProjectionLook(tables).PlacesAsync(connection, ProjectionName.All, stop))
        {
            await using var command = new NpgsqlCommand(IsHeld, connection) { Parameters = { new() { Value = ProjectionRights.LockName(tables, place.Name) } } };
            found.Add((place, await command.ExecuteScalarAsync(stop) is true));
        }

        return (IReadOnlyList<(ProjectionPlace, bool)>)found;
    });

    /// <summary>Why this role cannot run projections, each with the remedy; empty when it can.</summary>
    public Task<IReadOnlyList<string>> ProblemsAsync(CancellationToken stop) => GuardAsync(connection => SchemaLook.MissingAsync(connection, tables, ProjectorRights.Of(tables), stop));

    /// <summary>The event near a position at which a projection stands still as its type is none that this release knows, in words; null where there is none.</summary>
    public Task<string?> UnknownAsync(long position, CancellationToken stop) => GuardAsync(connection => new ProjectionLook(tables).UnknownAsync(connection, position, Projector.Nearby, stop));

    /// <summary>Empties one and puts it back to the beginning of the log: who runs it makes it anew. Readers see it empty from then on until it has come to where it was.</summary>
    /// <param name="projection">One of <see cref="ProjectionName"/>.</param>
    public Task ResetAsync(string projection, CancellationToken stop) => GuardAsync(async connection =>
    {
        await ProjectionReset.RunAsync(connection, tables, projection, stop);
        return true;
    });

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    async Task<T> GuardAsync<T>(Func<NpgsqlConnection, Task<T>> call)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync();
            return await call(connection);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }
}

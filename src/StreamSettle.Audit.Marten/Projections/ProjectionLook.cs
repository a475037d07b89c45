using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Looks at how far projections are, and at what stands behind that; SELECT is enough.</summary>
internal sealed class ProjectionLook(Tables tables)
{
    static readonly string[] Known = [.. EventKinds.All.Select(kind => kind.Alias())];

    readonly string places = $"""
        select place.name, place.generation, place.position, coalesce((select max(seq_id) from {tables.Events}), 0),
               (select e.timestamp from {tables.Events} e where e.seq_id > place.position order by e.seq_id limit 1)
          from (select wanted.name, wanted.generation, greatest(coalesce(p.last_seq_id, 0), 0) as position
                  from (select name, coalesce((select g.generation from {tables.Projections} g where g.name = one.name), 1) as generation from unnest($1::text[]) as one (name)) wanted
                  left join {tables.Progression} p on p.name = wanted.name || case when wanted.generation = 1 then '' else '.' || wanted.generation end || ':All') place
        """;

    readonly string unknown = $"select seq_id, stream_id, version, type from {tables.Events} where seq_id > $1 and seq_id <= $2 and type <> all($3) order by seq_id limit 1";

    readonly string skipped = $"select distinct type from {tables.Events} where seq_id > $1 and seq_id <= $2 and type <> all($3) order by type";

    public async Task<IReadOnlyList<ProjectionPlace>> PlacesAsync(NpgsqlConnection connection, IReadOnlyList<string> projections, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(places, connection) { Parameters = { new() { Value = projections.ToArray() } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new Dictionary<string, ProjectionPlace>();
        while (await rows.ReadAsync(stop))
        {
            var name = rows.GetString(0);
            found.Add(name, new(name, rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.IsDBNull(4) ? null : UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(4))));
        }

        return [.. projections.Select(name => found[name])];
    }

    /// <summary>The first event behind a position, within the next so many numbers, whose type this release does not know, in words; null where there is none.</summary>
    public async Task<string?> UnknownAsync(NpgsqlConnection connection, long position, long within, CancellationToken stop)
    {
        await using var command = Between(unknown, connection, position, position + within);
        await using var row = await command.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop)
            ? $"event {row.GetInt64(0)}, order {row.GetString(1)}, version {row.GetInt64(2)}, is a '{row.GetString(3)}', which this release does not know: what follows from it cannot be guessed. "
                + "Run the release that wrote it, or a later one; or set Audit:Projections:SkipUnknown=true, and the views leave such events out"
            : null;
    }

    /// <summary>The types between two positions that this release does not know.</summary>
    public async Task<IReadOnlyList<string>> SkippedAsync(NpgsqlConnection connection, long from, long to, CancellationToken stop)
    {
        await using var command = Between(skipped, connection, from, to);
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<string> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }

    static NpgsqlCommand Between(string sql, NpgsqlConnection connection, long from, long to) =>
        new(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = from }, new() { Value = to }, new() { Value = Known } } };
}

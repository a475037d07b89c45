using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>The statements of an append, grouped by what goes over the wire together.</summary>
internal sealed class AppendStatements(Tables tables)
{
    // A young table has no statistics yet, and one that has grown since has old ones: the planner must not read all of it for a few hundred streams.
    const string ByIndexOnly =
        "select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)";

    readonly string addPositions = $"""
        insert into {tables.Positions} (log_identity, topic, partition, next_offset)
        select $1, topic, partition, 0 from unnest($2::text[], $3::int[]) as source (topic, partition) order by topic, partition
        on conflict do nothing
        """;

    readonly string lockPositions = $"""
        select ordinality, next_offset from {tables.Positions} p
        join unnest($2::text[], $3::int[]) with ordinality as source (topic, partition) on p.topic = source.topic and p.partition = source.partition
        where log_identity = $1 order by p.topic, p.partition for update of p
        """;

    readonly string lockStreams = $"select id, version from {tables.Streams} where id = any($1) order by id for update";

    readonly string knownIds = $"select stream.place, e.id from unnest($1::text[]) with ordinality as stream (id, place) join {tables.Events} e on e.stream_id = stream.id";

    // What another writer has made of the row since it was remembered is seen here, whoever was first.
    readonly string moveRecalled = $"""
        update {tables.Streams} s set version = stream.version, timestamp = now()
        from unnest($1::text[], $2::bigint[], $3::bigint[]) as stream (id, remembered, version) where s.id = stream.id and s.version = stream.remembered
        """;

    readonly string insertStreams = $"""
        insert into {tables.Streams} (id, version, timestamp, created, tenant_id, is_archived)
        select id, version, now(), now(), '*DEFAULT*', false from unnest($1::text[], $2::bigint[]) as stream (id, version)
        """;

    readonly string updateStreams = $"""
        update {tables.Streams} s set version = stream.version, timestamp = now()
        from unnest($1::text[], $2::bigint[]) as stream (id, version) where s.id = stream.id
        """;

    readonly string movePositions = $"""
        update {tables.Positions} p set next_offset = source.next, events = events + source.added, streams = streams + source.started
        from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) as source (topic, partition, next, added, started)
        where p.log_identity = $1 and p.topic = source.topic and p.partition = source.partition
        """;

    readonly string drawNumbers = $"select clock_timestamp(), nextval('{tables.Sequence}') from generate_series(1, $1)";

    /// <summary>The stored next offsets by index of the batch's sources; their rows are locked.</summary>
    public async Task<long[]> LockPositionsAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        var topics = batch.Sources.Select(source => source.Topic).ToArray();
        var partitions = batch.Sources.Select(source => source.Partition).ToArray();
        await using var commands = new NpgsqlBatch(connection)
        {
            BatchCommands = { Statement(addPositions, batch.LogIdentity, topics, partitions), Statement(lockPositions, batch.LogIdentity, topics, partitions) },
        };
        await using var reader = await commands.ExecuteReaderAsync(stop);
        var stored = new long[topics.Length];
        var rows = 0;
        for (; await reader.ReadAsync(stop); rows++)
        {
            stored[reader.GetInt64(0) - 1] = reader.GetInt64(1);
        }

        return rows == stored.Length ? stored : throw new BrokenInvariantException($"{stored.Length} positions were to be locked, but {rows} rows are there");
    }

    /// <summary>Moves the streams of which something is remembered, then locks the rows of the others and reads the ids of their events.</summary>
    /// <returns>False where a stream is not as it is remembered: nothing of the transaction counts then.</returns>
    public async Task<bool> LockStreamsAsync(NpgsqlConnection connection, AppendPlan plan, CancellationToken stop)
    {
        var (unread, ids) = (plan.Unread, plan.Unread.Select(stream => stream.Id).ToArray());
        await using var commands = new NpgsqlBatch(connection) { BatchCommands = { new(ByIndexOnly) } };
        var moved = Statement(
            moveRecalled, plan.Recalled.Select(stream => stream.Id).ToArray(), plan.Recalled.Select(stream => stream.FirstVersion).ToArray(),
            plan.Recalled.Select(stream => stream.LastVersion).ToArray());
        if (plan.Recalled.Length > 0)
        {
            commands.BatchCommands.Add(moved);
        }

        if (unread.Length > 0)
        {
            commands.BatchCommands.Add(Statement(lockStreams, [ids]));
            // A statement of its own: its snapshot is taken when the streams are locked, so it sees what another writer committed meanwhile.
            commands.BatchCommands.Add(Statement(knownIds, [ids]));
        }

        await using var reader = await commands.ExecuteReaderAsync(stop);

        // Behind the answer of the settings: where nothing is read, what was moved is counted by then.
        await reader.NextResultAsync(stop);
        if (unread.Length > 0)
        {
            await ReadAsync(reader, unread, stop);
        }

        return plan.Recalled.Length == 0 || moved.RecordsAffected == plan.Recalled.Length;
    }

    static async Task ReadAsync(NpgsqlDataReader reader, StreamPlan[] unread, CancellationToken stop)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
        {
            versions.Add(reader.GetString(0), reader.GetInt64(1));
        }

        foreach (var stream in unread)
        {
            stream.Start(versions.TryGetValue(stream.Id, out var version) ? version : null);
        }

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            unread[reader.GetInt64(0) - 1].Has(reader.GetGuid(1));
        }
    }

    /// <summary>Writes streams and positions, then draws the events' sequence numbers.</summary>
    public async Task<DrawnNumbers> WriteStreamsAsync(NpgsqlConnection connection, EventBatch batch, AppendPlan plan, long[] next, CancellationToken stop)
    {
        await using var commands = new NpgsqlBatch(connection);
        AddStreams(commands, insertStreams, plan.Unread.Where(stream => stream.IsNew && stream.Added > 0));
        AddStreams(commands, updateStreams, plan.Unread.Where(stream => !stream.IsNew && stream.Added > 0));
        commands.BatchCommands.Add(Statement(
            movePositions, batch.LogIdentity, batch.Sources.Select(source => source.Topic).ToArray(), batch.Sources.Select(source => source.Partition).ToArray(),
            next, plan.Counts.Select(count => count.Events).ToArray(), plan.Counts.Select(count => count.Streams).ToArray()));
        commands.BatchCommands.Add(Statement(drawNumbers, plan.Events.Count));

        await using var reader = await commands.ExecuteReaderAsync(stop);
        var sequence = new long[plan.Events.Count];
        var storedAt = default(DateTime);
        for (var i = 0; await reader.ReadAsync(stop); i++)
        {
            (storedAt, sequence[i]) = (i == 0 ? reader.GetDateTime(0) : storedAt, reader.GetInt64(1));
        }

        return new(storedAt, sequence);
    }

    static void AddStreams(NpgsqlBatch commands, string sql, IEnumerable<StreamPlan> streams)
    {
        var rows = streams.ToArray();
        if (rows.Length > 0)
        {
            commands.BatchCommands.Add(Statement(sql, rows.Select(stream => stream.Id).ToArray(), rows.Select(stream => stream.LastVersion).ToArray()));
        }
    }

    static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }
}

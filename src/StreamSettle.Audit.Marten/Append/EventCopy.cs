using Npgsql;
using NpgsqlTypes;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>Events into <c>mt_events</c> by binary COPY, all columns as Marten itself writes them.</summary>
internal sealed class EventCopy(Tables tables)
{
    const string DefaultTenant = "*DEFAULT*";

    static readonly string[] DotnetTypes = [.. EventKinds.Types.Select(type => $"{type.FullName}, {type.Assembly.GetName().Name}")];

    readonly string sql = $"copy {tables.Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived) from stdin (format binary)";

    /// <summary>What Marten has in <c>mt_dotnet_type</c>: <c>Namespace.Type, Assembly</c>.</summary>
    public static string DotnetType(EventKind kind) => DotnetTypes[(int)kind - 1];

    public async Task WriteAsync(NpgsqlConnection connection, EventBatch batch, (List<PlannedEvent> Events, ProtectedBodies? Bodies) what, DrawnNumbers drawn, CancellationToken stop)
    {
        var events = what.Events;
        if (events.Count == 0)
        {
            return;
        }

        await using var writer = await connection.BeginBinaryImportAsync(sql, stop);
        for (var i = 0; i < events.Count; i++)
        {
            var (entry, streamId, version) = events[i];
            await writer.StartRowAsync(stop);
            await writer.WriteAsync(drawn.Sequence[i], NpgsqlDbType.Bigint, stop);
            await writer.WriteAsync(entry.Id, NpgsqlDbType.Uuid, stop);
            await writer.WriteAsync(streamId, NpgsqlDbType.Varchar, stop);
            await writer.WriteAsync(version, NpgsqlDbType.Bigint, stop);
            await writer.WriteAsync(what.Bodies?.TryGet(entry.RecordStart, out var encrypted) == true ? encrypted : batch.Json(entry), NpgsqlDbType.Jsonb, stop);
            await writer.WriteAsync(entry.Kind.Alias(), NpgsqlDbType.Varchar, stop);
            await writer.WriteAsync(drawn.StoredAt, NpgsqlDbType.TimestampTz, stop);
            await writer.WriteAsync(DefaultTenant, NpgsqlDbType.Varchar, stop);
            await writer.WriteAsync(DotnetType(entry.Kind), NpgsqlDbType.Varchar, stop);
            await writer.WriteAsync(false, NpgsqlDbType.Boolean, stop);
        }

        await writer.CompleteAsync(stop);
    }
}

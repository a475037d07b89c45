using System.Text.Json;

namespace StreamSettle.Connectors.Connect;

/// <summary>
/// Reads the offset that Debezium for PostgreSQL keeps with Connect: <c>{"lsn":...}</c> after a snapshot, <c>{"lsn","lsn_commit","lsn_proc","messageType",...}</c> later,
/// and during a snapshot <c>snapshot</c> beside <c>snapshot_completed: false</c>. Pure.
/// </summary>
internal static class OffsetReader
{
    /// <exception cref="FormatException">It is another one.</exception>
    public static SourceOffset? Read(IReadOnlyList<OffsetAnswer> offsets, string prefix)
    {
        if (offsets.FirstOrDefault(answer => IsOf(answer.Partition, prefix)) is not { Offset: var offset } || offset.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (offset.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"it is {offset.ValueKind}");
        }

        var (lsn, commit, processed) = (Position(offset, "lsn"), Position(offset, "lsn_commit"), Position(offset, "lsn_proc"));
        if ((lsn ?? commit ?? processed) is null)
        {
            throw new FormatException("it has no lsn");
        }

        return new(IsInSnapshot(offset), Math.Max(lsn ?? 0, Math.Max(commit ?? 0, processed ?? 0)), commit);
    }

    /// <summary>Debezium calls the prefix the server.</summary>
    static bool IsOf(JsonElement partition, string prefix) => partition.ValueKind == JsonValueKind.Object && partition.TryGetProperty("server", out var server)
        ? server.ValueEquals(prefix)
        : throw new FormatException("its partition has no server");

    static ulong? Position(JsonElement offset, string name)
    {
        if (!offset.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var position) ? position : throw new FormatException($"{name} is {value.ValueKind}");
    }

    /// <summary>Older versions write <c>snapshot: true</c> and <c>last_snapshot_record</c>, newer ones the snapshot's kind and <c>snapshot_completed</c>.</summary>
    static bool IsInSnapshot(JsonElement offset)
    {
        var has = offset.TryGetProperty("snapshot", out var snapshot) && snapshot.ValueKind is JsonValueKind.True or JsonValueKind.String;
        return has && !IsTrue(offset, "snapshot_completed") && !IsTrue(offset, "last_snapshot_record");
    }

    static bool IsTrue(JsonElement offset, string name) => offset.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

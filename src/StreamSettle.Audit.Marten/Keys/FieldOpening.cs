using System.Text;
using Npgsql;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Personal fields of events that were read, as texts again. Keys are read anew each time, so that what was shredded shows at once.</summary>
internal sealed class FieldOpening(Tables tables, KeyRing ring)
{
    readonly DataKeyRows rows = new(tables);

    /// <summary>The same events; those that have encrypted fields with what these say, or with what stands for those that cannot be read.</summary>
    public async Task<IReadOnlyDictionary<OrderId, IReadOnlyList<StoredEvent>>> OpenAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<OrderId, IReadOnlyList<StoredEvent>> streams, CancellationToken stop)
    {
        var wanted = streams.Values.SelectMany(stream => stream).SelectMany(KeysOf).ToHashSet();
        if (wanted.Count == 0)
        {
            return streams;
        }

        var keys = (await rows.FindAsync(connection, [.. wanted], stop)).ToDictionary(row => row.Name.Id, row => KeyOpening.Open(row, ring));
        return streams.ToDictionary(stream => stream.Key, stream => (IReadOnlyList<StoredEvent>)[.. stream.Value.Select(stored => Open(stream.Key, stored, keys.GetValueOrDefault))]);
    }

    /// <summary>All keys, for who reads the whole log.</summary>
    public async Task<Func<OrderId, EventKind, string, string>> ForAllAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var keys = (await rows.AllAsync(connection, stop)).ToDictionary(row => row.Name.Id, row => KeyOpening.Open(row, ring));
        return (order, kind, json) => keys.Count == 0 ? json : Open(order, kind, json, keys.GetValueOrDefault);
    }

    static StoredEvent Open(OrderId order, StoredEvent stored, Func<Guid, FieldKey?> keys) =>
        EventKinds.TryFromAlias(stored.Type, out var kind) ? stored with { Json = Open(order, kind, stored.Json, keys) } : stored;

    static string Open(OrderId order, EventKind kind, string json, Func<Guid, FieldKey?> keys) =>
        Bytes(kind, json) is { } bytes && FieldDecryption.Open(kind, order, bytes, keys) is { } opened ? Encoding.UTF8.GetString(opened) : json;

    static IEnumerable<Guid> KeysOf(StoredEvent stored) =>
        EventKinds.TryFromAlias(stored.Type, out var kind) && Bytes(kind, stored.Json) is { } bytes ? FieldDecryption.KeysOf(kind, bytes) : [];

    /// <summary>Null of a body that has nothing encrypted: nearly all.</summary>
    static byte[]? Bytes(EventKind kind, string json) =>
        !PersonalFields.Of(kind).IsEmpty && json.Contains("enc1.", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(json) : null;
}

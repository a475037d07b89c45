using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Avro.Values;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Log;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>
/// An instance of another release beside this one: each record of ours is committed as that release writes it, by its own schemas. What this release says and that one cannot hold is lost on the
/// way, as its readers do not see it either.
/// </summary>
sealed class OtherRelease
{
    /// <summary>Ids that no schema of this release has.</summary>
    const int FirstId = 1_000;

    readonly Dictionary<int, (AvroPlan Plan, AvroSchema Schema, int Id)> schemas = [];
    readonly Dictionary<string, int> rewritten = [];

    /// <param name="textOf">The other release's schema of a message of ours; null where it has none.</param>
    public OtherRelease(LocalMessages messages, Func<MessageSchema, string?> textOf)
    {
        foreach (var message in MessageSchema.All)
        {
            if (textOf(message) is { } text)
            {
                var (schema, id) = (AvroSchema.Parse(text), FirstId + schemas.Count);
                messages.Keep(id, text);
                schemas.Add(message.LocalId, (AvroPlan.Compile(message.Schema, schema), schema, id));
            }
        }
    }

    /// <summary>How many records of each schema were committed as the other release's.</summary>
    public IReadOnlyDictionary<string, int> Rewritten => rewritten;

    /// <summary>A schema as it was released.</summary>
    public static string? Released(string version, MessageSchema message) =>
        Path.Combine(Repository.Root, "schemas", "released", version, Path.GetFileName(message.File.Path)) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>This release's schema with a field more, before all others.</summary>
    public static string Next(MessageSchema message)
    {
        const string fields = "\"fields\":[";
        var at = message.Text.IndexOf(fields, StringComparison.Ordinal) + fields.Length;
        return message.Text.Insert(at, """{"name":"region","type":"string","default":"north"},""");
    }

    /// <summary>For <see cref="Streams.Testing.MemoryLog.BeforeCommit"/>.</summary>
    public void Rewrite(LogCommit commit)
    {
        for (var i = 0; i < commit.Outputs.Count; i++)
        {
            var (partition, batch) = commit.Outputs[i];
            commit.Outputs[i] = (partition, Translated(batch));
        }
    }

    RecordBatch Translated(RecordBatch batch)
    {
        var other = new RecordBatch();
        var rest = batch.Bytes;
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            other.Add(record.TimestampMs, record.KeyIsNull, record.Key, record.ValueIsNull, Value(record.Value), record.Headers);
        }

        return other;
    }

    ReadOnlySpan<byte> Value(ReadOnlySpan<byte> value)
    {
        if (!WireFormat.TryReadId(value, out var id) || !schemas.TryGetValue(id, out var other))
        {
            return value;
        }

        var name = ((RecordSchema)other.Schema).Name.Short;
        rewritten[name] = rewritten.GetValueOrDefault(name) + 1;
        var bytes = new ByteBuffer();
        WireFormat.Write(other.Id, bytes);
        AvroValueWriter.Write(AvroValueReader.Read(other.Plan, value[WireFormat.HeaderBytes..]), other.Schema, bytes);
        return bytes.Written.ToArray();
    }
}

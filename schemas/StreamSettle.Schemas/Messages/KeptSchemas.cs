using System.Text.Json;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Schemas.Messages;

/// <summary>
/// The file <c>schemas.json</c> of a state directory: the schemas of our own messages by the ids that records name them by. Without a registry it is the registry; with one
/// it keeps what that has said, for a start while it is away. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
///  { "version": 1, "schemas": [ { "id": 7, "from": "http://registry:8081", "schema": { ... } } ] }      from = Here: the id follows from the text
/// </code>
/// </remarks>
public sealed class KeptSchemas
{
    /// <summary>The file's name.</summary>
    public const string FileName = "schemas.json";

    /// <summary>No registry gave the id, but <see cref="MessageSchema.LocalId"/>.</summary>
    public const string Here = "here";

    const int Version = 1;

    static readonly JsonWriterOptions Indented = new() { Indented = true };

    readonly string path;
    readonly string? origin;
    readonly List<KeptSchema> kept;

    KeptSchemas(string path, string? origin, List<KeptSchema> kept) => (this.path, this.origin, this.kept) = (path, origin, kept);

    /// <param name="directory">The state directory.</param>
    /// <param name="origin">Whose ids count: the registry's address, or <see cref="Here"/>; null for those of any registry, where none is configured now.</param>
    /// <exception cref="CorruptStateException">The file is not as we write it.</exception>
    /// <exception cref="UserMistakeException">A later release wrote it.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be read.</exception>
    public static KeptSchemas Open(string directory, string? origin)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return new(path, origin, File.Exists(path) ? Read(path, File.ReadAllBytes(path)) : []);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"{path} cannot be read: {failed.Message}", failed);
        }
    }

    /// <summary>The schema's text; null where it is not kept.</summary>
    public string? Find(int id) => kept.Find(one => one.Id == id && Counts(one))?.Text;

    /// <summary>The id that was kept of a schema; null where none was.</summary>
    public int? IdOf(MessageSchema message) => kept.FindLast(one => one.Text == message.Text && Counts(one))?.Id;

    /// <summary>Keeps a schema under its id, on the disk before it returns. What was kept of another under that id goes.</summary>
    /// <exception cref="EnvironmentFailedException">The file cannot be written.</exception>
    public void Keep(int id, string text)
    {
        var one = new KeptSchema(id, origin ?? Here, text);
        if (kept.Contains(one))
        {
            return;
        }

        List<KeptSchema> next = [.. kept.Where(other => other.Id != id || other.Origin != one.Origin), one];
        Write(next);
        kept.Clear();
        kept.AddRange(next);
    }

    bool Counts(KeptSchema one) => origin is null ? one.Origin != Here : one.Origin == origin;

    static List<KeptSchema> Read(string path, byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var version = json.RootElement.GetProperty("version").GetInt32();
            return version == Version
                ? [.. json.RootElement.GetProperty("schemas").EnumerateArray().Select(one => new KeptSchema(one.GetProperty("id").GetInt32(), one.GetProperty("from").GetString()!, Evolution.SchemaText.Compact(one.GetProperty("schema"))))]
                : throw new UserMistakeException($"{path} has version {version}, this program knows {Version}: run the program that wrote it");
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorruptStateException(
                $"{path} is not as it was written: {wrong.Message} Restore it from a backup; where a schema registry is configured it may be deleted instead, and is asked for again", wrong);
        }
    }

    void Write(List<KeptSchema> next)
    {
        var fresh = path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
            {
                using (var json = new Utf8JsonWriter(file, Indented))
                {
                    json.WriteStartObject();
                    json.WriteNumber("version", Version);
                    json.WriteStartArray("schemas");
                    next.ForEach(one => Write(json, one));
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"{path} cannot be written: {failed.Message}", failed);
        }
    }

    static void Write(Utf8JsonWriter json, KeptSchema one)
    {
        json.WriteStartObject();
        json.WriteNumber("id", one.Id);
        json.WriteString("from", one.Origin);
        json.WritePropertyName("schema");
        using var schema = JsonDocument.Parse(one.Text);
        schema.RootElement.WriteTo(json);
        json.WriteEndObject();
    }
}

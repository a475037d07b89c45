using System.Text;
using System.Text.Json;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>The captured records of one table, as the topic had them.</summary>
internal static class Golden
{
    public static IReadOnlyList<GoldenRecord> Orders(string file) => Of(file, ".public.orders");

    public static IReadOnlyList<GoldenRecord> Of(string file, string topicEnd) =>
        [.. File.ReadLines(PathOf(file)).Select(line => Read(line, file == Avro)).Where(record => record.Topic.EndsWith(topicEnd, StringComparison.Ordinal))];

    /// <summary>Of this file bytes are in base64.</summary>
    public const string Avro = "avro.jsonl";

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "debezium-golden", file);

    static GoldenRecord Read(string line, bool isBase64)
    {
        using var document = JsonDocument.Parse(line);
        var record = document.RootElement;
        return new(
            record.GetProperty("topic").GetString()!,
            Bytes(record.GetProperty("key"), isBase64),
            Bytes(record.GetProperty("value"), isBase64),
            record.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => Encoding.UTF8.GetString(Bytes(header.Value, isBase64)!)));
    }

    static byte[]? Bytes(JsonElement text, bool isBase64) => text.GetString() is { } value ? isBase64 ? Convert.FromBase64String(value) : Encoding.UTF8.GetBytes(value) : null;
}

internal sealed record GoldenRecord(string Topic, byte[]? Key, byte[]? Value, IReadOnlyDictionary<string, string> Headers);

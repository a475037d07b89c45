using System.Text;
using System.Text.Json;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>The captured records of one table, as the topic had them.</summary>
internal static class Golden
{
    public static IReadOnlyList<GoldenRecord> Orders(string file) => Of(file, ".public.orders");

    public static IReadOnlyList<GoldenRecord> Of(string file, string topicEnd) =>
        [.. File.ReadLines(PathOf(file)).Select(Read).Where(record => record.Topic.EndsWith(topicEnd, StringComparison.Ordinal))];

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "debezium-golden", file);

    static GoldenRecord Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var record = document.RootElement;
        return new(
            record.GetProperty("topic").GetString()!,
            Bytes(record.GetProperty("key")),
            Bytes(record.GetProperty("value")),
            record.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!));
    }

    static byte[]? Bytes(JsonElement text) => text.GetString() is { } value ? Encoding.UTF8.GetBytes(value) : null;
}

internal sealed record GoldenRecord(string Topic, byte[]? Key, byte[]? Value, IReadOnlyDictionary<string, string> Headers);

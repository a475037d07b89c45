using System.Text.Json;

namespace StreamSettle.Delivery.Answers;

/// <summary>Reads the body of a 207: <c>{"results":[{"key":K,"status":201,"headers":{...},"body":{...}}]}</c>.</summary>
internal static class BatchResults
{
    const string Unreadable = "the batch's answer has no readable result for this key";

    /// <summary>What an item is taken as that has no readable result.</summary>
    internal static RawAnswer Missing { get; } = RawAnswer.Lost(Unreadable);

    /// <summary>
    /// The answers by key. A key with several results has none that can be trusted; a body that is no JSON object with one list of results gives none.
    /// </summary>
    internal static Dictionary<string, RawAnswer> Read(ReadOnlyMemory<byte> body)
    {
        var results = new Dictionary<string, RawAnswer>(StringComparer.Ordinal);
        var text = JsonAnswer.Text(body);
        var reader = JsonAnswer.Reader(text.Span);
        try
        {
            if (text.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject || !ReadRoot(ref reader, text, results))
            {
                results.Clear();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            results.Clear();
        }

        return results;
    }

    /// <returns>Whether there was one list of results.</returns>
    static bool ReadRoot(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text, Dictionary<string, RawAnswer> results)
    {
        var lists = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResults = reader.ValueTextEquals("results"u8);
            reader.Read();
            lists += isResults ? 1 : 0;
            if (!isResults || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                }
                else if (BatchItem.Read(ref reader, text) is { Key: { } key } item && !results.TryAdd(key, item.Answer ?? Missing))
                {
                    results[key] = Missing;
                }
            }
        }

        // Reads to the end: what follows the object makes the whole no JSON.
        return !reader.Read() && lists == 1;
    }
}

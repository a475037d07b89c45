using System.Text;
using System.Text.Json;

namespace StreamSettle.Delivery.Answers;

/// <summary>Reads the body of a 207: <c>{"results":[{"key":K,"status":201,"headers":{...},"body":{...}}]}</c>.</summary>
internal static class BatchResults
{
    const string Unreadable = "the batch's answer has no readable result for this key";

    /// <summary>What an item is taken as that has no readable result.</summary>
    internal static RawAnswer Missing { get; } = RawAnswer.Lost(Unreadable);

    /// <summary>The answers by key. Of several for one key the first counts; a body that is no JSON gives none.</summary>
    internal static Dictionary<string, RawAnswer> Read(ReadOnlyMemory<byte> body)
    {
        var results = new Dictionary<string, RawAnswer>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(body.Span);
        try
        {
            if (!body.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadRoot(ref reader, body, results);
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            results.Clear();
        }

        return results;
    }

    static void ReadRoot(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, Dictionary<string, RawAnswer> results)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResults = reader.ValueTextEquals("results"u8);
            reader.Read();
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
                else if (ReadResult(ref reader, body) is ({ } key, { } answer))
                {
                    results.TryAdd(key, answer);
                }
            }
        }

        // Reads to the end: what follows the object makes the whole no JSON.
        reader.Read();
    }

    static (string? Key, RawAnswer? Answer) ReadResult(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        string? key = null;
        int? status = null;
        var headers = AnswerHeaders.None;
        ReadOnlyMemory<byte> item = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isStatus) = (reader.ValueTextEquals("key"u8), reader.ValueTextEquals("status"u8));
            var (isHeaders, isBody) = (reader.ValueTextEquals("headers"u8), reader.ValueTextEquals("body"u8));
            reader.Read();
            if (isKey && reader.TokenType == JsonTokenType.String)
            {
                key = reader.GetString();
            }
            else if (isStatus && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            {
                status = number;
            }
            else if (isHeaders && reader.TokenType == JsonTokenType.StartObject)
            {
                headers = ReadHeaders(ref reader);
            }
            else
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                item = isBody ? body[start..(int)reader.BytesConsumed] : item;
            }
        }

        return (key, status is null ? null : RawAnswer.Answered(status.Value, headers, item));
    }

    static AnswerHeaders ReadHeaders(ref Utf8JsonReader reader)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                headers[name] = reader.GetString()!;
            }
            else if (reader.TokenType == JsonTokenType.Number)
            {
                headers[name] = Encoding.ASCII.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return headers.Count == 0 ? AnswerHeaders.None : AnswerHeaders.From(name => headers.GetValueOrDefault(name));
    }
}

using System.Text;
using System.Text.Json;

namespace StreamSettle.Delivery.Answers;

/// <summary>One element of a 207's results.</summary>
/// <param name="Key">Null where it has none, or not one.</param>
/// <param name="Answer">Null where it cannot be read as an answer: a member that counts is missing, of another type, or there twice.</param>
internal readonly record struct BatchItem(string? Key, RawAnswer? Answer)
{
    /// <summary>Reads the object that the reader stands at the beginning of, to its end.</summary>
    /// <param name="text">What the reader reads, so that the item's body can be cut out.</param>
    internal static BatchItem Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        string? key = null;
        int? status = null;
        var headers = AnswerHeaders.None;
        ReadOnlyMemory<byte> body = default;
        var (keys, statuses, bodies) = (0, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isStatus) = (reader.ValueTextEquals("key"u8), reader.ValueTextEquals("status"u8));
            var (isHeaders, isBody) = (reader.ValueTextEquals("headers"u8), reader.ValueTextEquals("body"u8));
            reader.Read();
            (keys, statuses, bodies) = (keys + (isKey ? 1 : 0), statuses + (isStatus ? 1 : 0), bodies + (isBody ? 1 : 0));
            key = isKey && reader.TokenType == JsonTokenType.String ? reader.GetString() : key;
            status = isStatus && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : status;
            if (isHeaders && reader.TokenType == JsonTokenType.StartObject)
            {
                headers = ReadHeaders(ref reader);
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            body = isBody ? text[start..(int)reader.BytesConsumed] : body;
        }

        var isReadable = keys == 1 && statuses == 1 && bodies <= 1 && status is not null;
        return new(keys == 1 ? key : null, isReadable ? RawAnswer.Answered(status!.Value, headers, body) : null);
    }

    /// <summary>A header that is there several times, or as a list, has each of its values.</summary>
    static AnswerHeaders ReadHeaders(ref Utf8JsonReader reader)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    AddValue(headers, name, ref reader);
                }
            }
            else
            {
                AddValue(headers, name, ref reader);
            }
        }

        return headers.Count == 0 ? AnswerHeaders.None : AnswerHeaders.From(name => headers.GetValueOrDefault(name));
    }

    static void AddValue(Dictionary<string, string> headers, string name, ref Utf8JsonReader reader)
    {
        var value = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
        reader.Skip();
        if (value is not null)
        {
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}{AnswerHeaders.Separator}{value}" : value;
        }
    }
}

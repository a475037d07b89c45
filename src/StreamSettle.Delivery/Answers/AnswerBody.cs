using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamSettle.Delivery.Answers;

/// <summary>What the body of an answer says, read once. Whatever is no JSON object, or says one of its members twice, says nothing.</summary>
/// <param name="Key">The member <c>key</c> where it is text.</param>
/// <param name="Receipt">The member <c>id</c> where it is text or a number; cut, with its length behind it, where it is longer than <see cref="MaxReceiptLength"/>.</param>
/// <param name="Error">The member <c>error</c> where it is text.</param>
internal readonly record struct AnswerBody(string? Key, string? Receipt, string? Error)
{
    /// <summary>A receipt is kept for ever; a longer one is no receipt that anybody looks up.</summary>
    internal const int MaxReceiptLength = 1_000;

    const string Mismatch = "idempotency_mismatch";

    /// <summary>A good answer: an object with that key and an id.</summary>
    internal bool IsGoodFor(string key) => key.Length > 0 && Key == key && !string.IsNullOrEmpty(Receipt);

    internal bool IsMismatch => Error == Mismatch;

    internal static AnswerBody Read(ReadOnlyMemory<byte> body)
    {
        var json = JsonAnswer.Text(body).Span;
        var reader = JsonAnswer.Reader(json);
        try
        {
            return json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject ? default : ReadObject(ref reader);
        }
        catch (JsonException)
        {
            return default;
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-8.
            return default;
        }
    }

    static AnswerBody ReadObject(ref Utf8JsonReader reader)
    {
        var body = default(AnswerBody);
        var (keys, ids, errors) = (0, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isId, isError) = (reader.ValueTextEquals("key"u8), reader.ValueTextEquals("id"u8), reader.ValueTextEquals("error"u8));
            reader.Read();
            if (isKey)
            {
                (keys, body) = (keys + 1, body with { Key = Text(ref reader) });
            }
            else if (isId)
            {
                (ids, body) = (ids + 1, body with { Receipt = TextOrNumber(ref reader) });
            }
            else if (isError)
            {
                (errors, body) = (errors + 1, body with { Error = Text(ref reader) });
            }

            reader.Skip();
        }

        // Reads to the end: garbage after the object makes the whole no JSON.
        return reader.Read() || keys > 1 || ids > 1 || errors > 1 ? default : body;
    }

    static string? Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    static string? TextOrNumber(ref Utf8JsonReader reader) =>
        Bounded(reader.TokenType == JsonTokenType.Number ? Encoding.ASCII.GetString(reader.ValueSpan) : Text(ref reader));

    static string? Bounded(string? receipt)
    {
        if (receipt is null || receipt.Length <= MaxReceiptLength)
        {
            return receipt;
        }

        var kept = char.IsHighSurrogate(receipt[MaxReceiptLength - 1]) ? MaxReceiptLength - 1 : MaxReceiptLength;
        return string.Create(CultureInfo.InvariantCulture, $"{receipt.AsSpan(0, kept)}... ({receipt.Length} characters)");
    }
}

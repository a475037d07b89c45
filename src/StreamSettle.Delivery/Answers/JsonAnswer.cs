using System.Text.Json;

namespace StreamSettle.Delivery.Answers;

/// <summary>How the JSON of answers is read: strict as to what is JSON, lenient as to what other programs put around it.</summary>
static class JsonAnswer
{
    /// <summary>Members that mean nothing here may nest far deeper than ours do.</summary>
    const int MaxDepth = 1_000;

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text behind a byte order mark, which RFC 8259 lets a reader pass over.</summary>
    internal static ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> body) => body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;

    internal static Utf8JsonReader Reader(ReadOnlySpan<byte> text) => new(text, new JsonReaderOptions { MaxDepth = MaxDepth });
}

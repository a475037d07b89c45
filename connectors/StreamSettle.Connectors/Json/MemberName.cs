using System.Text.Json;

namespace StreamSettle.Connectors.Json;

/// <summary>Names of members by value: a writer may escape what it likes, and must escape a quote in a column's name. Not thread-safe.</summary>
internal sealed class MemberName
{
    /// <summary>Longer names are nobody's: a column's has at most 63 bytes, each of which takes six to escape.</summary>
    const int MaxEscapedBytes = 6 * 64;

    readonly byte[] scratch = new byte[MaxEscapedBytes];

    /// <summary>The name that the reader stands on; valid until the next.</summary>
    public ReadOnlySpan<byte> Of(ref readonly Utf8JsonReader reader) =>
        reader.ValueIsEscaped && reader.ValueSpan.Length <= MaxEscapedBytes ? scratch.AsSpan(0, reader.CopyString(scratch)) : reader.ValueSpan;
}

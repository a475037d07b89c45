using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// What the tables were read by when Debezium was first seen to follow them; the log keeps it, for every instance and every later start. Capture inside the service reads the
/// tables again when it is another; Debezium goes on, and what it has left out nobody knows.
/// </summary>
/// <remarks><code>version(1)=1 | fingerprint(span) | columns(varuint)</code></remarks>
/// <param name="Fingerprint">See <see cref="Embedded.Inspection.SourceFingerprint"/>.</param>
/// <param name="Columns">See <see cref="Embedded.Inspection.KnownColumns"/>.</param>
internal sealed record KeptLook(ReadOnlyMemory<byte> Fingerprint, ulong Columns)
{
    /// <summary>The name under which the log keeps it.</summary>
    public const string MetadataName = "source-look";

    const byte Version = 1;

    /// <summary>Of a fingerprint as people write it.</summary>
    const int ShownBytes = 4;

    public static string Show(ReadOnlySpan<byte> fingerprint) => Convert.ToHexStringLower(fingerprint[..ShownBytes]);

    public byte[] ToBytes()
    {
        var bytes = new ByteBuffer(64);
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.Span(Fingerprint.Span);
        to.VarUInt64(Columns);
        return bytes.Written.ToArray();
    }

    /// <exception cref="CorruptStateException">The bytes are none of ours.</exception>
    public static KeptLook Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version
            ? new(from.Span().ToArray(), from.VarUInt64())
            : throw new CorruptStateException($"{MetadataName} has version {version}, this program knows {Version}");
    }
}

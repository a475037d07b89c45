using System.Buffers.Binary;
using System.Security.Cryptography;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// What the tables were read by when Debezium was first seen to follow them; the log keeps it, for every instance and every later start. Capture inside the service reads the
/// tables again when it is another; Debezium goes on, and what it has left out nobody knows.
/// </summary>
/// <remarks><code>version(1)=1 | fingerprint(span) | columns(varuint) [| copied(varuint)]</code></remarks>
/// <param name="Fingerprint">See <see cref="Embedded.Inspection.SourceFingerprint"/>; of a doubt the copy's point, which is no fingerprint.</param>
/// <param name="Columns">See <see cref="Embedded.Inspection.KnownColumns"/>.</param>
/// <param name="Copied">The point of the copy that is known (<see cref="CopyPoints.Last"/>); null where a release kept the look that did not ask.</param>
internal sealed record KeptLook(ReadOnlyMemory<byte> Fingerprint, ulong Columns, long? Copied)
{
    /// <summary>The name under which the log keeps it.</summary>
    public const string MetadataName = "source-look";

    const byte Version = 1;

    /// <summary>Of a fingerprint as people write it.</summary>
    const int ShownBytes = 4;

    /// <summary>The look that says that the tables were copied anew, at that point: no source has its fingerprint.</summary>
    public KeptLook Doubted(long point) => this with { Fingerprint = Bytes(point) };

    /// <summary>What a person accepts of a source that has this fingerprint now: an alteration by what the source is since, a copy by that and by its own point.</summary>
    public string Show(ReadOnlySpan<byte> fingerprint) =>
        Convert.ToHexStringLower((Fingerprint.Length == SHA256.HashSizeInBytes ? fingerprint : SHA256.HashData([.. fingerprint, .. Fingerprint.Span]))[..ShownBytes]);

    public byte[] ToBytes()
    {
        var bytes = new ByteBuffer(64);
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.Span(Fingerprint.Span);
        to.VarUInt64(Columns);
        if (Copied is { } copied)
        {
            to.VarUInt64((ulong)copied);
        }

        return bytes.Written.ToArray();
    }

    /// <exception cref="CorruptStateException">The bytes are none of ours.</exception>
    public static KeptLook Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version
            ? new(from.Span().ToArray(), from.VarUInt64(), from.AtEnd ? null : (long)from.VarUInt64())
            : throw new CorruptStateException($"{MetadataName} has version {version}, this program knows {Version}");
    }

    static byte[] Bytes(long point)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, point);
        return bytes;
    }
}

using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Offsets;

/// <summary>How far the capture has come; committed to the log together with the records that it stands for.</summary>
/// <remarks>
/// <code>
/// version(1)=4 | phase(1) | lsn(varint) | timeline(varint) | systemId(string) | database(string) | slot(string) | instance(string) | fingerprint(span)
/// | columns(varint) | copied(1) | marked(1) [| commit(varint) | content(string)]
/// </code>
/// </remarks>
/// <param name="Phase">What has been done.</param>
/// <param name="Lsn">End of the last transaction that is in the log; streaming goes on from there.</param>
/// <param name="Timeline">The branch of the server's history that the position is on.</param>
/// <param name="SystemId">PostgreSQL's identifier of the cluster: positions of another one mean nothing.</param>
/// <param name="Instance">Names our connections, so that the remains of a killed predecessor are told from somebody else.</param>
/// <param name="Fingerprint">What everything up to the position was read by; see <see cref="Inspection.SourceFingerprint"/>. Empty before the snapshot is whole.</param>
/// <param name="Columns">Which columns the tables had when they were read; see <see cref="Inspection.KnownColumns"/>. 0 before the snapshot is whole.</param>
/// <param name="IsCopy">No mark has come since the tables were copied, so that <paramref name="Mark"/>, if any, is one from before.</param>
/// <param name="Mark">The last one that has come; null before the first, and where none may be written.</param>
internal sealed record CdcOffset(
    CdcPhase Phase, ulong Lsn, uint Timeline, string SystemId, string Database, string Slot, string Instance, ReadOnlyMemory<byte> Fingerprint,
    ulong Columns = 0, bool IsCopy = false, MarkPoint? Mark = null)
{
    /// <summary>The name under which the log keeps it.</summary>
    public const string MetadataName = "cdc-offset";

    const byte Version = 4;

    /// <summary>The mark that comes first when the stream goes on; null where it goes on behind it.</summary>
    public MarkPoint? MarkToCome => IsCopy ? null : Mark;

    public byte[] ToBytes()
    {
        var bytes = new ByteBuffer(160);
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.Byte((byte)Phase);
        to.VarUInt64(Lsn);
        to.VarUInt64(Timeline);
        to.String(SystemId);
        to.String(Database);
        to.String(Slot);
        to.String(Instance);
        to.Span(Fingerprint.Span);
        to.VarUInt64(Columns);
        to.Bool(IsCopy);
        to.Bool(Mark is not null);
        if (Mark is not null)
        {
            to.VarUInt64(Mark.Commit);
            to.String(Mark.Content);
        }

        return bytes.Written.ToArray();
    }

    /// <exception cref="CorruptStateException">The bytes are no offset of ours.</exception>
    public static CdcOffset Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"the source offset has version {version}, this program knows {Version}");
        }

        var phase = (CdcPhase)from.Byte();
        return phase is CdcPhase.Snapshot or CdcPhase.Streaming
            ? new(
                phase, from.VarUInt64(), checked((uint)from.VarUInt64()), from.String(), from.String(), from.String(), from.String(), from.Span().ToArray(), from.VarUInt64(),
                from.Bool(),
                from.Bool() ? new MarkPoint(from.VarUInt64(), from.String()) : null)
            : throw new CorruptStateException($"the source offset has phase {(byte)phase}");
    }
}

using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Offsets;

/// <summary>How far the capture has come; committed to the log together with the records that it stands for.</summary>
/// <remarks><code>version(1)=1 | phase(1) | lsn(varint) | systemId(string) | database(string) | slot(string) | instance(string)</code></remarks>
/// <param name="Phase">What has been done.</param>
/// <param name="Lsn">End of the last transaction that is in the log; streaming goes on from there.</param>
/// <param name="SystemId">PostgreSQL's identifier of the cluster: positions of another one mean nothing.</param>
/// <param name="Instance">Names our connections, so that the remains of a killed predecessor are told from somebody else.</param>
internal sealed record CdcOffset(CdcPhase Phase, ulong Lsn, string SystemId, string Database, string Slot, string Instance)
{
    /// <summary>The name under which the log keeps it.</summary>
    public const string MetadataName = "cdc-offset";

    const byte Version = 1;

    public byte[] ToBytes()
    {
        var bytes = new ByteBuffer(128);
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.Byte((byte)Phase);
        to.VarUInt64(Lsn);
        to.String(SystemId);
        to.String(Database);
        to.String(Slot);
        to.String(Instance);
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
            ? new(phase, from.VarUInt64(), from.String(), from.String(), from.String(), from.String())
            : throw new CorruptStateException($"the source offset has phase {(byte)phase}");
    }
}

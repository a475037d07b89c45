using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Topology.Merchants;

/// <summary>A row of a global table with the position of its last change, kept also for deleted rows so that a replay does not bring them back.</summary>
/// <remarks><code>version(1)=2 | position(see ChangePosition) | deleted(1) | row(rest)</code></remarks>
readonly ref struct PositionedRow
{
    const byte Version = 2;

    public required ChangePosition Position { get; init; }

    public bool Deleted { get; init; }

    public ReadOnlySpan<byte> Row { get; init; }

    public static void WriteHead(ByteWriter to, ChangePosition position, bool deleted)
    {
        to.Byte(Version);
        position.Write(to);
        to.Bool(deleted);
    }

    /// <exception cref="CorruptStateException">The bytes are no row of ours.</exception>
    public static PositionedRow Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version
            ? new PositionedRow { Position = ChangePosition.Read(ref from), Deleted = from.Bool(), Row = from.Rest }
            : throw new CorruptStateException($"a global row has version {version}, this program knows {Version}");
    }
}

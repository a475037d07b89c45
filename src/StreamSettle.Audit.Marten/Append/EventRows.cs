using System.Buffers.Binary;
using System.Text;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>Rows of <c>mt_events</c> as a binary COPY has them.</summary>
/// <remarks>
/// <code>
/// "PGCOPY\n\377\r\n\0", int32 flags = 0, int32 length of an extension = 0;
/// row by row: int16 count of fields, each int32 length and so many bytes; int16 -1
/// </code>
/// PostgreSQL's documentation of COPY, "Binary Format". All numbers big-endian; a <c>uuid</c> as its text has it, <c>jsonb</c> as a version (1) and its text, a <c>timestamptz</c> in
/// microseconds since 2000.
/// </remarks>
internal sealed class EventRows(ByteBuffer bytes, DateTime storedAt)
{
    const short Columns = 10;
    const byte JsonbVersion = 1;
    const int GuidBytes = 16;

    static readonly DateTime PostgresEpoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly byte[][] Aliases = [.. EventKinds.All.Select(kind => Encoding.UTF8.GetBytes(kind.Alias()))];
    static readonly byte[][] DotnetTypes = [.. EventKinds.All.Select(kind => Encoding.UTF8.GetBytes(DotnetType(kind)))];

    readonly long storedAtUs = (storedAt - PostgresEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public ByteBuffer Bytes => bytes;

    /// <summary>What Marten has in <c>mt_dotnet_type</c>: <c>Namespace.Type, Assembly</c>.</summary>
    public static string DotnetType(EventKind kind) => $"{kind.ClrType().FullName}, {kind.ClrType().Assembly.GetName().Name}";

    /// <summary>Signature, flags, length of the extension.</summary>
    static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    static ReadOnlySpan<byte> DefaultTenant => "*DEFAULT*"u8;

    public void Begin() => bytes.Write(Header);

    public void Add(PlannedEvent planned, long sequence, ReadOnlySpan<byte> json)
    {
        var (entry, streamId, version) = planned;
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), Columns);
        Int64(sequence);
        entry.Id.TryWriteBytes(Field(GuidBytes), bigEndian: true, out _);
        Encoding.ASCII.GetBytes(streamId, Field(streamId.Length));
        Int64(version);
        var jsonb = Field(1 + json.Length);
        jsonb[0] = JsonbVersion;
        json.CopyTo(jsonb[1..]);
        Text(Aliases[(int)entry.Kind - 1]);
        Int64(storedAtUs);
        Text(DefaultTenant);
        Text(DotnetTypes[(int)entry.Kind - 1]);
        Field(1)[0] = 0;
    }

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), -1);

    void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);

    void Text(ReadOnlySpan<byte> text) => text.CopyTo(Field(text.Length));

    Span<byte> Field(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), length);
        return Take(length);
    }

    Span<byte> Take(int length)
    {
        var taken = bytes.GetSpan(length)[..length];
        bytes.Advance(length);
        return taken;
    }
}

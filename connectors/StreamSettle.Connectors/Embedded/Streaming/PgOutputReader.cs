using System.Buffers.Binary;
using System.Text;
using StreamSettle.Connectors.Embedded.Records;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>Reads the parts of a pgoutput message (protocol version 1, text). PostgreSQL's manual, "Logical Replication Message Formats".</summary>
internal ref struct PgOutputReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> message = message;
    int at;

    public byte Byte() => message[at++];

    public ushort UInt16()
    {
        var value = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        at += sizeof(ushort);
        return value;
    }

    public uint UInt32()
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(message[at..]);
        at += sizeof(uint);
        return value;
    }

    public ulong UInt64()
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(message[at..]);
        at += sizeof(ulong);
        return value;
    }

    /// <summary>Text up to a zero byte.</summary>
    public string Text() => Encoding.UTF8.GetString(TextBytes());

    /// <summary>The bytes of a text up to a zero byte.</summary>
    public ReadOnlySpan<byte> TextBytes()
    {
        var value = Bytes(message[at..].IndexOf((byte)0));
        at++;
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        var value = message.Slice(at, length);
        at += length;
        return value;
    }

    /// <summary>A row: its cells are slices of the message.</summary>
    public void Row(RowCells into)
    {
        into.Clear();
        for (var left = UInt16(); left > 0; left--)
        {
            switch (Byte())
            {
                case (byte)'n':
                    into.Add(default);
                    break;
                case (byte)'u':
                    into.Add(new(CellState.Unchanged, 0, 0));
                    break;
                default:
                    var length = (int)UInt32();
                    into.Add(new(CellState.Value, at, length));
                    at += length;
                    break;
            }
        }
    }
}

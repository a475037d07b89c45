using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>One line of <c>COPY ... TO STDOUT</c> in text format: cells between tabs, <c>\N</c> for null, backslash escapes.</summary>
internal sealed class CopyRow
{
    readonly ByteBuffer text = new(1024);

    public RowCells Cells { get; } = new();

    /// <summary>What the cells are slices of.</summary>
    public ReadOnlySpan<byte> Bytes => text.Written;

    /// <summary>Takes a line without its end.</summary>
    public void Read(ReadOnlySpan<byte> line)
    {
        text.Clear();
        Cells.Clear();
        while (true)
        {
            var end = line.IndexOf((byte)'\t');
            Cell(end < 0 ? line : line[..end]);
            if (end < 0)
            {
                return;
            }

            line = line[(end + 1)..];
        }
    }

    void Cell(ReadOnlySpan<byte> escaped)
    {
        if (escaped.SequenceEqual("\\N"u8))
        {
            Cells.Add(default);
            return;
        }

        var start = text.Length;
        for (var at = escaped.IndexOf((byte)'\\'); at >= 0; at = escaped.IndexOf((byte)'\\'))
        {
            text.Write(escaped[..at]);
            text.Write([Unescape(escaped[at + 1])]);
            escaped = escaped[(at + 2)..];
        }

        text.Write(escaped);
        Cells.Add(new(CellState.Value, start, text.Length - start));
    }

    static byte Unescape(byte letter) => letter switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'v' => (byte)'\v',
        _ => letter,
    };
}

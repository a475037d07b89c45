namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>Cuts a stream into lines; a line is valid until the next one is asked for.</summary>
internal sealed class CopyLines(Stream source)
{
    byte[] buffer = new byte[64 * 1024];
    int start;
    int filled;
    int lineStart;
    int lineLength;

    /// <summary>The last line, without its end.</summary>
    public ReadOnlySpan<byte> Line => buffer.AsSpan(lineStart, lineLength);

    /// <summary>Moves to the next line; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        var searched = start;
        while (true)
        {
            var at = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                (lineStart, lineLength) = (start, searched + at - start);
                start = searched + at + 1;
                return true;
            }

            searched = filled;
            if (filled == buffer.Length)
            {
                searched -= MakeRoom();
            }

            var read = await source.ReadAsync(buffer.AsMemory(filled), stop).ConfigureAwait(false);
            if (read == 0)
            {
                return filled > start ? throw new IOException("the copy of a table ended within a row") : false;
            }

            filled += read;
        }
    }

    /// <summary>Moves what is not read yet to the front, or grows for a long line; gives by how much it moved.</summary>
    int MakeRoom()
    {
        var moved = start;
        if (start == 0)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        (filled, start) = (filled - start, 0);
        return moved;
    }
}

using System.Buffers.Binary;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Cuts a binary COPY into tuples.</summary>
/// <remarks>
/// <code>
/// "PGCOPY\n\377\r\n\0", int32 flags, int32 length of an extension, that;
/// then tuple by tuple: int16 count of fields, each int32 length (-1: null) and so many bytes;
/// int16 -1
/// </code>
/// PostgreSQL's documentation of COPY, "Binary Format". All numbers big-endian.
/// </remarks>
internal sealed class CopyTuples(Stream source, short columns)
{
    const int HeaderBytes = 19;
    const int CountBytes = 2;
    const int LengthBytes = 4;

    CopyChunk rest = new();
    bool hasHeader;
    bool isOver;

    /// <summary>Fills a chunk with the next whole tuples.</summary>
    /// <returns>False when there were no more.</returns>
    public async ValueTask<bool> FillAsync(CopyChunk chunk, CancellationToken stop)
    {
        chunk.TakeRest(rest);
        Cut(chunk);
        while (!chunk.IsFull && !isOver)
        {
            if (chunk.Free.Length == 0)
            {
                if (chunk.Tuples.Count > 0)
                {
                    break;
                }

                chunk.Grow();
            }

            var read = await source.ReadAsync(chunk.Free, stop);
            chunk.Filled += read;
            if (read == 0)
            {
                throw new EnvironmentFailedException("the server ended the copy of events before its end");
            }

            Cut(chunk);
        }

        rest.TakeRest(chunk);
        return chunk.Tuples.Count > 0;
    }

    void Cut(CopyChunk chunk)
    {
        while (!chunk.IsFull && !isOver && Next(chunk.Bytes.AsSpan(chunk.Whole, chunk.Filled - chunk.Whole)) is var length and > 0)
        {
            if (hasHeader)
            {
                chunk.Tuples.Add((chunk.Whole, chunk.Whole + length));
            }

            hasHeader = true;
            chunk.Whole += length;
        }
    }

    /// <summary>The length of what comes next; 0 while it is not there as a whole, or when all is over.</summary>
    int Next(ReadOnlySpan<byte> bytes)
    {
        if (!hasHeader)
        {
            var whole = bytes.Length < HeaderBytes ? 0 : HeaderBytes + BinaryPrimitives.ReadInt32BigEndian(bytes[(HeaderBytes - LengthBytes)..]);
            return bytes.Length < whole ? 0 : whole;
        }

        if (bytes.Length < CountBytes)
        {
            return 0;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(bytes);
        isOver = count == -1;
        if (!isOver && count != columns)
        {
            throw new CorruptStateException($"a copy of events has rows of {count} columns, expected {columns}");
        }

        var at = CountBytes;
        for (var column = 0; !isOver && column < columns; column++)
        {
            if (bytes.Length - at < LengthBytes)
            {
                return 0;
            }

            at += LengthBytes + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
        }

        return isOver || at > bytes.Length ? 0 : at;
    }
}

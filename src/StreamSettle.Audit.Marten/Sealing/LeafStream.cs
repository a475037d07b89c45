using System.Buffers.Binary;
using System.Threading.Channels;
using Npgsql;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Reads events and makes leaves of them: one task reads, the caller's hashes.</summary>
internal static class LeafStream
{
    /// <summary>Chunks on the way between both.</summary>
    const int Chunks = 4;

    /// <summary>Behind a tuple's count of fields and the first field's length, Marten's number.</summary>
    const int SequenceAt = 6;

    /// <summary>The second byte of the count, which makes room for the leaf's prefix: the entry behind it need not be copied.</summary>
    const int PrefixAt = 1;

    /// <param name="copy">Of <see cref="LeafColumns"/>.</param>
    /// <param name="take">Sequence numbers and leaves, valid until it returns; false to end.</param>
    public static async Task ReadAsync(NpgsqlConnection connection, string copy, Func<ReadOnlyMemory<long>, ReadOnlyMemory<TreeHash>, ValueTask<bool>> take, CancellationToken stop)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(copy, stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var full = Channel.CreateBounded<CopyChunk>(Chunks);
        var empty = Channel.CreateUnbounded<CopyChunk>();
        for (var i = 0; i < Chunks; i++)
        {
            empty.Writer.TryWrite(new());
        }

        // On a thread of the pool: what comes is mostly there already, and the caller's thread is to hash.
        var reading = Task.Run(() => FillAsync(new(stream, LeafColumns.Count), empty.Reader, full.Writer, (enough.Token, stop)), CancellationToken.None);
        var sequences = new long[CopyChunk.MaxTuples];
        var leaves = new TreeHash[CopyChunk.MaxTuples];
        try
        {
            await foreach (var chunk in full.Reader.ReadAllAsync(stop))
            {
                Hash(chunk, sequences, leaves);
                if (!await take(sequences.AsMemory(0, chunk.Tuples.Count), leaves.AsMemory(0, chunk.Tuples.Count)))
                {
                    break;
                }

                empty.Writer.TryWrite(chunk);
            }
        }
        finally
        {
            await enough.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (reading.IsCanceled && !stop.IsCancellationRequested)
            {
                // Else closing it would read what is left.
                await stream.CancelAsync();
            }
        }

        if (reading.IsFaulted)
        {
            await reading;
        }
    }

    static void Hash(CopyChunk chunk, long[] sequences, TreeHash[] leaves)
    {
        for (var i = 0; i < chunk.Tuples.Count; i++)
        {
            var (start, end) = chunk.Tuples[i];
            sequences[i] = BinaryPrimitives.ReadInt64BigEndian(chunk.Bytes.AsSpan(start + SequenceAt));
            leaves[i] = TreeHash.LeafInPlace(chunk.Bytes.AsSpan((start + PrefixAt)..end));
        }
    }

    /// <param name="ends">Of the first only the waits between both tasks hear: a read that it cut off would have ended the copy by itself, or not.</param>
    static async Task FillAsync(CopyTuples tuples, ChannelReader<CopyChunk> empty, ChannelWriter<CopyChunk> full, (CancellationToken Enough, CancellationToken Stop) ends)
    {
        try
        {
            while (true)
            {
                var chunk = await empty.ReadAsync(ends.Enough);
                if (!await tuples.FillAsync(chunk, ends.Stop))
                {
                    break;
                }

                await full.WriteAsync(chunk, ends.Enough);
            }

            full.Complete();
        }
        catch (Exception failure)
        {
            full.TryComplete(failure);
            throw;
        }
    }
}

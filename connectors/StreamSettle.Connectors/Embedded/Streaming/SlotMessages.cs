using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using NpgsqlTypes;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>The messages of an offset's slot, from its last mark on. One reader at a time. Whatever takes longer than the connection is patient ends by a <see cref="SilentStreamException"/>.</summary>
internal sealed class SlotMessages
{
    readonly ByteBuffer message = new(64 * 1024);

    // Not bound to a stop: Npgsql's way of cancelling would hold up everything else that is.
    readonly CancellationTokenSource over = new();
    readonly IAsyncEnumerator<XLogDataMessage> messages;
    readonly TimeSpan patience;

    // Must have ended before the stream of messages may be closed.
    Task asked = Task.CompletedTask;

    public SlotMessages(LogicalReplicationConnection connection, CdcOffset offset, string publication)
    {
        patience = connection.WalReceiverTimeout;
        var settings = new Dictionary<string, string?> { ["proto_version"] = "1", ["publication_names"] = TableName.Quote(publication), ["messages"] = "true" };
        messages = connection.StartLogicalReplication(
            new PgOutputReplicationSlot(offset.Slot), over.Token, new NpgsqlLogSequenceNumber(offset.MarkToCome?.Commit ?? offset.Lsn), settings).GetAsyncEnumerator(over.Token);
    }

    /// <summary>The message that was read last.</summary>
    public ReadOnlySpan<byte> Current => message.Written;

    /// <summary>Where its WAL record starts.</summary>
    public ulong Lsn => (ulong)messages.Current.WalStart;

    /// <summary>Waits for the next message; false when the server has ended the stream.</summary>
    public ValueTask<bool> NextAsync()
    {
        var next = messages.MoveNextAsync();
        if (next.IsCompletedSuccessfully)
        {
            return next;
        }

        var task = WaitAsync(next.AsTask());
        asked = task;
        return new(task);
    }

    /// <summary>Reads it.</summary>
    public async ValueTask ReadAsync()
    {
        message.Clear();
        var data = messages.Current.Data;
        var left = (int)data.Length;
        while (left > 0)
        {
            // What is too slow to come ends by the receiver's time-out.
            var next = data.ReadAsync(message.GetMemory(left)[..left], CancellationToken.None);
            var read = next.IsCompletedSuccessfully ? next.Result : await WaitAsync(next.AsTask()).ConfigureAwait(false);
            message.Advance(read);
            left -= read;
        }
    }

    async Task<T> WaitAsync<T>(Task<T> next)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            throw new SilentStreamException(patience, e);
        }
    }

    /// <summary>Begins to leave. When the task has ended nobody reads from the connection any more; it may not be closed before.</summary>
    public Task Leave() => Leaving.Begin(async () =>
    {
        await over.CancelAsync().ConfigureAwait(false);
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await messages.DisposeAsync().ConfigureAwait(false);
        over.Dispose();
    });
}

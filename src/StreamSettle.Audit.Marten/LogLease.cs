using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten;

/// <summary>
/// The right to be the one process that runs by a log's identity: an advisory lock of the event log's database, for the life of a session. A copy of a state directory
/// has the same identity, and would take the source's changes from the service that it was copied from. Every two seconds the session asks something, so that whoever
/// finds the lock taken sees whether its holder lives: one that does is left alone, one that has been silent for ten seconds, killed behind a link that swallows
/// its end, is ended.
/// </summary>
public sealed class LogLease : IAsyncDisposable
{
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(2);

    /// <summary>Five pings that did not come.</summary>
    const int SilentSeconds = 10;

    /// <summary>Longer than a holder may be silent: by then it has asked something, or was ended.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(SilentSeconds * 3);

    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    readonly CancellationTokenSource stopping = new();
    readonly LeaseSession session;
    readonly TimeProvider time;

    LogLease(LeaseSession session, TimeProvider time) => (this.session, this.time) = (session, time);

    /// <summary>Fails when another process has the lease: this one lost its session, and came back too late. Ends with the lease else.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <exception cref="UserMistakeException">Another process that lives has it.</exception>
    internal static async Task<LogLease> TakeAsync(LeaseSession session, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await session.OpenAsync(stop);
            if (await LockAsync(session, time, stop) is { } holder)
            {
                throw new UserMistakeException(
                    $"Another process runs by the identity {session.Identity} of this state directory, so this one is a copy, or that one was started from a copy ({holder} at the event log's server). "
                    + "Two would take the source's changes from each other: stop the other one first, or start where it runs. Nothing was changed.");
            }

            var lease = new LogLease(session, time);
            lease.Completion = lease.KeepAsync();
            return lease;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.DisposeAsync();
        stopping.Dispose();
    }

    /// <returns>Null when the lock is ours, else who has it and lives.</returns>
    static async Task<string?> LockAsync(LeaseSession session, TimeProvider time, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        LeaseHolder? first = null;
        while (!await session.TryLockAsync(stop))
        {
            var holder = await session.HolderAsync(stop);
            if (holder is { SilentSeconds: > SilentSeconds } || session.IsOurs(holder))
            {
                await session.EndAsync(holder!.Pid, stop);
            }
            else if (holder is not null && (time.GetElapsedTime(began) > Patience || holder.HasSpokenSince(first)))
            {
                return holder.Name;
            }

            first = first?.Pid == holder?.Pid ? first : holder;
            await Task.Delay(LookInterval, time, stop);
        }

        return null;
    }

    async Task KeepAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(PingInterval, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested && await LostToAsync() is { } holder)
            {
                throw new UserMistakeException(
                    $"Another process has taken over the identity {session.Identity} of this state directory while this one could not reach the event log ({holder} at its server): "
                    + "it was started from a copy. This one stops before both act. Keep the one that is ahead, and remove the copy.");
            }
        }
    }

    /// <summary>While the server is away nobody can take the lease, and this process goes on by what it has.</summary>
    async Task<string?> LostToAsync()
    {
        try
        {
            return await session.HoldsAsync(stopping.Token) ? null : await LockAsync(session, time, stopping.Token);
        }
        catch (Exception away) when (away is OperationCanceledException or NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}

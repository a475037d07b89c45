using System.Data;
using Npgsql;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Completing;

/// <summary>A few connections to the shop that stay open from question to question while there are many, and are closed soon after the last. Thread-safe.</summary>
internal sealed class KeptConnections : IDisposable
{
    /// <summary>So many questions are asked at once; those behind wait. Each is a session of the shop's server, and one answers some thousand a second.</summary>
    internal const int Most = 4;

    /// <summary>So long one stays open that nothing is asked by.</summary>
    internal static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(30);

    readonly ServerConnections servers;
    readonly string instance;
    readonly TimeProvider time;
    readonly CancellationToken stop;
    readonly SemaphoreSlim free = new(Most);
    readonly Lock sync = new();
    readonly Stack<(NpgsqlConnection Connection, long Since)> idle = [];
    readonly ITimer closing;
    bool isClosed;

    public KeptConnections(ServerConnections servers, string instance, TimeProvider time, CancellationToken stop)
    {
        (this.servers, this.instance, this.time, this.stop) = (servers, instance, time, stop);
        closing = time.CreateTimer(_ => CloseIdle(IdleFor), state: null, IdleFor, IdleFor);
    }

    /// <inheritdoc cref="ServerConnections.AskAsync"/>
    public async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> ask)
    {
        await free.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await ServerConnections.ExplainAsync(() => AskOneAsync(ask), stop).ConfigureAwait(false);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>What is still asked ends by the stop that it was opened with, and closes its connection itself.</summary>
    public void Dispose()
    {
        closing.Dispose();
        lock (sync)
        {
            isClosed = true;
        }

        CloseIdle(TimeSpan.Zero);
    }

    async Task<T> AskOneAsync<T>(Func<NpgsqlConnection, Task<T>> ask)
    {
        if (Take() is { } kept)
        {
            try
            {
                return await AskAsync(kept, ask).ConfigureAwait(false);
            }
            catch (Exception gone) when (PostgresFailures.IsTransient(gone) && !kept.FullState.HasFlag(ConnectionState.Open) && !stop.IsCancellationRequested)
            {
                // The server may have ended it, and all others, since the last question: that says nothing of how it is now.
                CloseIdle(TimeSpan.Zero);
            }
        }

        return await AskAsync(await servers.OpenAsync(instance, answersSoon: true, stop).ConfigureAwait(false), ask).ConfigureAwait(false);
    }

    async Task<T> AskAsync<T>(NpgsqlConnection connection, Func<NpgsqlConnection, Task<T>> ask)
    {
        try
        {
            return await ask(connection).ConfigureAwait(false);
        }
        finally
        {
            Keep(connection);
        }
    }

    NpgsqlConnection? Take()
    {
        lock (sync)
        {
            return idle.TryPop(out var one) ? one.Connection : null;
        }
    }

    void Keep(NpgsqlConnection connection)
    {
        lock (sync)
        {
            if (!isClosed && connection.FullState == ConnectionState.Open)
            {
                idle.Push((connection, time.GetTimestamp()));
                return;
            }
        }

        connection.Dispose();
    }

    void CloseIdle(TimeSpan after)
    {
        List<NpgsqlConnection> old = [];
        lock (sync)
        {
            var all = idle.Reverse().ToList();
            idle.Clear();
            foreach (var one in all)
            {
                if (time.GetElapsedTime(one.Since) >= after)
                {
                    old.Add(one.Connection);
                }
                else
                {
                    idle.Push(one);
                }
            }
        }

        old.ForEach(connection => connection.Dispose());
    }
}

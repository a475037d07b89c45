using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StreamSettle.Tests.Links;

/// <summary>A TCP road to a server on this machine that a test can cut, close, block and slow down, for all connections that go over it. Thread-safe.</summary>
public sealed class CuttableLink : IAsyncDisposable
{
    readonly IPEndPoint target;
    readonly ConcurrentDictionary<LinkConnection, bool> connections = new();
    readonly CancellationTokenSource over = new();
    readonly Lock switching = new();
    Socket? listener;
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile LinkTraffic traffic = LinkTraffic.Passes;

    CuttableLink(IPEndPoint target)
    {
        this.target = target;
        Listen();
    }

    /// <summary>Where the link begins, on 127.0.0.1; the same one for its whole life.</summary>
    public int Port { get; private set; }

    public LinkTraffic Traffic => traffic;

    /// <summary>How long each piece of data lingers on its way, in either direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Bytes a second and direction of a connection; 0, the default: no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>How long a connection brings nothing back once it was asked for changes: as a server that decodes a huge transaction.</summary>
    public TimeSpan ChangesLinger { get; set; }

    public int Connections => connections.Count;

    /// <summary>Connections of which something was swallowed.</summary>
    public int Losers => connections.Keys.Count(connection => connection.HasLost);

    /// <summary>A link to a port of 127.0.0.1.</summary>
    public static CuttableLink To(int port) => new(new(IPAddress.Loopback, port));

    /// <summary>Ends all connections with a reset; new ones pass.</summary>
    public void Cut() => EndAll(reset: true);

    /// <summary>Ends all connections in good order; new ones pass.</summary>
    public void Close() => EndAll(reset: false);

    /// <summary>From now on, also for the connections that stand.</summary>
    public void Set(LinkTraffic to)
    {
        TaskCompletionSource before;
        lock (switching)
        {
            (before, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
            traffic = to;
            Listen(to != LinkTraffic.Refused);
        }

        before.SetResult();
        foreach (var connection in connections.Keys.Where(connection => to == LinkTraffic.Refused || connection.HasLost && to == LinkTraffic.Passes))
        {
            connection.End(reset: true);
        }
    }

    /// <summary>All goes through again, at full speed.</summary>
    public void Heal()
    {
        (Delay, BytesPerSecond) = (default, 0);
        Set(LinkTraffic.Passes);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        Set(LinkTraffic.Refused);
        await Task.WhenAll(connections.Keys.Select(connection => connection.Ended));
        over.Dispose();
    }

    /// <summary>Waits while the link stalls.</summary>
    internal async ValueTask<LinkTraffic> NotStalledAsync(CancellationToken stop)
    {
        while (true)
        {
            Task change;
            lock (switching)
            {
                if (traffic != LinkTraffic.Stalls)
                {
                    return traffic;
                }

                change = changed.Task;
            }

            await change.WaitAsync(stop);
        }
    }

    void EndAll(bool reset)
    {
        foreach (var connection in connections.Keys)
        {
            connection.End(reset);
        }
    }

    void Listen(bool open = true)
    {
        if (open == (listener is not null))
        {
            return;
        }

        if (!open)
        {
            listener!.Dispose();
            listener = null;
            return;
        }

        // Nobody is given the port while nobody listens there: neither another program, nor a client of ours that would then talk to itself.
        listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Port = Port == 0 ? FreePort.Find() : Port;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        _ = AcceptAsync(listener);
    }

    async Task AcceptAsync(Socket on)
    {
        try
        {
            while (true)
            {
                var connection = new LinkConnection(this, await on.AcceptAsync(over.Token), target, over.Token);
                connections[connection] = true;
                _ = connection.Ended.ContinueWith(_ => connections.TryRemove(connection, out var _), TaskScheduler.Default);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }
}

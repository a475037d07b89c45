using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace StreamSettle.Tests.Links;

/// <summary>One connection over a link: a socket at either end, and a pump in either direction.</summary>
sealed class LinkConnection
{
    const int ChunkBytes = 64 * 1024;

    /// <summary>A throttled link sends this often a second.</summary>
    const int SlicesPerSecond = 20;

    readonly CuttableLink link;
    readonly Socket near;
    readonly Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly CancellationTokenSource over;
    volatile bool lost;
    volatile bool starting;
    volatile Task decoding = Task.CompletedTask;

    public LinkConnection(CuttableLink link, Socket near, IPEndPoint target, CancellationToken stop)
    {
        (this.link, this.near, over) = (link, near, CancellationTokenSource.CreateLinkedTokenSource(stop));
        near.NoDelay = true;
        Ended = Task.Run(() => RunAsync(target), CancellationToken.None);
    }

    public Task Ended { get; }

    /// <summary>Something that was sent never arrived.</summary>
    public bool HasLost => lost;

    public void End(bool reset)
    {
        foreach (var socket in new[] { near, far })
        {
            try
            {
                // A close without lingering is a reset.
                socket.LingerState = new(reset, 0);
                if (!reset)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It ended by itself.
            }
        }

        Cancel();
    }

    async Task RunAsync(IPEndPoint target)
    {
        try
        {
            if (await link.NotStalledAsync(over.Token) == LinkTraffic.Swallowed)
            {
                lost = true;
            }
            else
            {
                await far.ConnectAsync(target, over.Token);
            }

            await Task.WhenAll(PumpAsync(near, far), lost ? Task.CompletedTask : PumpAsync(far, near));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The target refused, or somebody ended it: the other end sees that now.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
            over.Dispose();
        }
    }

    async Task PumpAsync(Socket from, Socket to)
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            while (await link.NotStalledAsync(over.Token) is var _ && await from.ReceiveAsync(chunk, over.Token) is > 0 and var read)
            {
                if (await link.NotStalledAsync(over.Token) == LinkTraffic.Swallowed)
                {
                    lost = true;
                }

                if (from == near && chunk.AsSpan(0, read).IndexOf("START_REPLICATION"u8) >= 0)
                {
                    starting = true;
                }
                var said = 0;
                if (from == far && starting)
                {
                    // The server says at once that it streams, and takes the client's signs of life from then on; the changes come later, also those that came with it.
                    (starting, decoding) = (false, Task.Delay(link.ChangesLinger, over.Token));
                    said = FirstMessage(chunk.AsSpan(0, read));
                    await PassOnAsync(chunk.AsMemory(0, said));
                }

                if (from == far)
                {
                    await decoding;
                }

                await PassOnAsync(chunk.AsMemory(said, read - said));
            }

            if (!lost)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One end is gone, so the other goes too.
            End(reset: true);
        }

        Task PassOnAsync(ReadOnlyMemory<byte> data) => lost ? Task.CompletedTask : SendAsync(to, data);
    }

    /// <summary>Length of the message that stands first: its type, then its length without the type, as PostgreSQL's protocol has it ("Message Formats").</summary>
    static int FirstMessage(ReadOnlySpan<byte> data) => Math.Min(data.Length, data.Length < 5 ? data.Length : 1 + BinaryPrimitives.ReadInt32BigEndian(data[1..]));

    async Task SendAsync(Socket to, ReadOnlyMemory<byte> data)
    {
        await Task.Delay(link.Delay, over.Token);
        while (data.Length > 0)
        {
            var perSecond = link.BytesPerSecond;
            var slice = perSecond == 0 ? data.Length : Math.Min(data.Length, Math.Max(1, perSecond / SlicesPerSecond));
            await to.SendAsync(data[..slice], over.Token);
            data = data[slice..];
            await Task.Delay(perSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1.0 / SlicesPerSecond), over.Token);
        }
    }

    void Cancel()
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}

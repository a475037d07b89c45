using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StreamSettle.Tests.Links;

/// <summary>
/// A port of this machine where nobody listens, for programs that must be told theirs. It lies below the range from which the system serves who connects, so that nobody is given it
/// while its program is away for a moment.
/// </summary>
public static class FreePort
{
    const int Lowest = 15_000;
    const int BelowHighest = 32_000;

    // What was given is no other's, though nobody listens there yet.
    static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <param name="inARow">How many ports from it on are free.</param>
    public static int Find(int inARow = 1)
    {
        while (true)
        {
            var first = Random.Shared.Next(Lowest, BelowHighest);
            if (Enumerable.Range(first, inARow).All(port => IsFree(port) && Given.TryAdd(port, true)))
            {
                return first;
            }
        }
    }

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StreamSettle.Sandbox.Programs;

/// <summary>
/// A port of 127.0.0.1 where nobody listens, for servers that must be told theirs. Somebody may take it before the server does: whoever asks tries again then. It lies below the range from
/// which the system gives ports to clients (32,768 on), so that a server that is away for a moment finds its port free when it comes back.
/// </summary>
internal static class FreePort
{
    /// <summary>How often a start is tried: ports that were free a moment ago are taken by others now and then, hardly so often.</summary>
    public const int MostAttempts = 5;

    /// <summary>What a server says whose port is taken, in C and in Java.</summary>
    public const string Taken = "Address already in use";

    const int Lowest = 10_000;
    const int BelowHighest = 15_000;

    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(Lowest, BelowHighest));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another one, then.
            }
        }
    }
}

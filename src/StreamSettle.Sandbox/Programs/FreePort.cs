using System.Net;
using System.Net.Sockets;

namespace StreamSettle.Sandbox.Programs;

/// <summary>A port of 127.0.0.1 where nobody listens, for servers that must be told theirs. Somebody may take it before the server does: whoever asks tries again then.</summary>
internal static class FreePort
{
    /// <summary>How often a start is tried: ports that were free a moment ago are taken by others now and then, hardly so often.</summary>
    public const int MostAttempts = 5;

    /// <summary>What a server says whose port is taken, in C and in Java.</summary>
    public const string Taken = "Address already in use";

    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Sockets;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>A port of this machine where nobody listens, and nobody else can as long as this lives: bound, and never listened on.</summary>
sealed class DeafPort : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeafPort() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)socket.LocalEndPoint!).Port;

    public void Dispose() => socket.Dispose();
}

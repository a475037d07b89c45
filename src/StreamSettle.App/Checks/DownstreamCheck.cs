using System.Net.Sockets;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>Whether a downstream system listens; a start does without it. No request: it could be an effect there.</summary>
static class DownstreamCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static StartCheck Of(Leg leg, string baseUrl) => new($"downstream {leg.Name()}", stop => LookAsync(new Uri(baseUrl), stop));

    static async Task<string> LookAsync(Uri url, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, patience.Token);
            return $"{ShownUrl.Of(url)} listens";
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"{ShownUrl.Of(url)} cannot be reached: {failure.Message}", failure);
        }
    }
}

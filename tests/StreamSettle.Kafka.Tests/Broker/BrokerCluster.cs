using System.Globalization;
using StreamSettle.Tests.Links;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>Three brokers, each with a copy of every partition: any one of them may go away, and the other two go on.</summary>
public sealed class BrokerCluster : IAsyncDisposable
{
    const int Size = 3;

    BrokerCluster(IReadOnlyList<BrokerServer> servers) => Servers = servers;

    public IReadOnlyList<BrokerServer> Servers { get; }

    public string Bootstrap => string.Join(',', Servers.Select(server => server.Bootstrap));

    /// <param name="home">The download.</param>
    /// <param name="folder">For all that they keep.</param>
    public static async Task<BrokerCluster> StartAsync(string home, string folder)
    {
        int[] controllers = [.. Enumerable.Range(0, Size).Select(_ => FreePort.Find())];

        // One alone waits for a second: they start together.
        var starts = Enumerable.Range(1, Size).Select(node => BrokerServer.StartAsync(home, Path.Combine(folder, node.ToString(CultureInfo.InvariantCulture)), new(node, controllers))).ToList();
        try
        {
            return new(await Task.WhenAll(starts));
        }
        catch
        {
            foreach (var start in starts.Where(start => start.IsCompletedSuccessfully))
            {
                await (await start).DisposeAsync();
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}

using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>Systems at https (contract/downstreams.md).</summary>
public class SecureSystemTests(TestPostgres postgres)
{
    const int Orders = 40;

    [Fact]
    public async Task Https_that_offers_HTTP_2_is_spoken_to_by_it_singly_and_in_batches_over_few_connections()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using var front = await SecureFront.StartAsync(world.Downstreams.BaseUrls.Values.First());
        var trusted = Path.Combine(world.Folder, "trusted.pem");
        await front.WriteCertificateAsync(trusted);
        world.Settings["SSL_CERT_FILE"] = trusted;
        foreach (var leg in world.Downstreams.BaseUrls.Keys)
        {
            world.Settings[$"Downstreams:{leg}:BaseUrl"] = front.Url.ToString();
            world.Settings[$"Downstreams:{leg}:BatchSize"] = $"{leg}" == $"{Leg.Split}" ? "1" : "10";
        }

        await using var service = world.Run();
        await service.ReadyAsync();
        var sold = await world.SellAsync(world.Shop(Orders) with { Merchants = 10 });
        await Settled.AsyncOf(service, TimeSpan.FromMinutes(2));

        await world.SoundAsync();
        Assert.Equal(Orders, sold.Created);
        Assert.Equal(["HTTP/2"], front.Requests.Keys.Select(request => request.Protocol).Distinct());

        // One connection a system takes them all, or a few where many came at once.
        Assert.InRange(front.Requests.Count, 1, 3 * world.Downstreams.BaseUrls.Count);
        Assert.True(front.Requests.Values.Sum() > 2 * front.Requests.Count, string.Join(' ', front.Requests.Values));
    }
}

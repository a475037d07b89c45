using Confluent.Kafka.Admin;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>On a cluster with an authorizer: the rights that docs/kafka.md lists are enough, and each of them is needed.</summary>
[Collection(ConnectTests.Name)]
public sealed class RightsTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task With_the_documented_rights_orders_are_settled_and_without_one_of_them_the_reason_is_told()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay);
        using var user = await Guarded.CreateAsync(cluster);
        await cluster.World.SellAsync(cluster.World.Shop(10));
        await cluster.ApplyAsync();
        var create = user.Rights.Where(right => right.Entry.Operation == AclOperation.Create).ToList();
        await user.GrantAsync(user.Rights.Except(create));
        await ExpectToldAsync(cluster, create[0]);
        await user.GrantAsync(create);

        await using (var service = cluster.Run(1))
        {
            await service.ReadyAsync(Load.Patience);
            await cluster.World.SellAsync(cluster.World.Shop(100, perSecond: 40, seed: 2));
            await cluster.SettledAsync(Load.Patience, service);
            service.Terminate();
            Assert.Equal(0, await service.ExitAsync());
        }

        await cluster.World.SoundAsync();
        foreach (var right in user.Rights.Except(create))
        {
            await user.TakeAsync(right);
            await ExpectToldAsync(cluster, right);
            await user.GrantAsync(right);
        }
    }

    /// <summary>A start without that right ends with the reason, or goes on without what needs it and tells the reason.</summary>
    static async Task ExpectToldAsync(ClusterWorld cluster, AclBinding right)
    {
        await using var service = cluster.Run(1);
        var told = "";
        await Until.TrueAsync(
            async () =>
            {
                told = $"{(await service.AskAsync("/health/ready")).Text}\n{service.Tail}";
                return service.HasExited || told.Contains("uthorization failed", StringComparison.Ordinal);
            },
            $"it tells that {right.Entry.Operation} on {right.Pattern.Type} {right.Pattern.Name} is lacking", Load.Patience, () => told);
        if (service.HasExited)
        {
            await service.ExitAsync();
            told = service.Tail;
            Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
        }

        Assert.Contains(right.Pattern.Name, told, StringComparison.Ordinal);
        Assert.Contains("docs/kafka.md", told, StringComparison.Ordinal);
        Console.WriteLine($"without {right.Entry.Operation} on {right.Pattern.Type} {right.Pattern.Name}: {told.Split('\n').Last(line => line.Contains("docs/kafka.md", StringComparison.Ordinal))}");
    }
}

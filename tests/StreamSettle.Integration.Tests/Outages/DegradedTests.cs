using StreamSettle.App.Http.Answers;
using StreamSettle.Delivery.Breakers;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

/// <summary>Systems that err too often and one that is away, by real HTTP, with a kill -9 meanwhile.</summary>
public class DegradedTests(TestPostgres postgres)
{
    const int Orders = 500;

    [Fact]
    public async Task Degraded_systems_get_key_accounts_calls_without_invoices_and_everything_when_they_are_well()
    {
        TestPostgres.Require();
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1), Ill);
        foreach (var leg in world.Downstreams.BaseUrls.Keys)
        {
            world.Settings[$"Downstreams:{leg}:Breaker:Window"] = "00:00:03";
        }

        world.Settings["Downstreams:Tax:BatchSize"] = "20";
        string last = "";
        await using (var killed = world.Run())
        {
            await killed.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { KeyAccounts = 0.3 });
            await Until.TrueAsync(
                async () => await killed.StatusAsync() is { } status && Seen(status, out last) && status.Downstreams.Any(system => system.Invoices > 0), "two systems are degraded",
                TimeSpan.FromSeconds(60), () => $"{last}\n{killed.Tail}");
            Assert.Contains("streamsettle_delivery_breaker", (await killed.AskAsync("/metrics")).Text, StringComparison.Ordinal);
            killed.Kill();
            await killed.ExitAsync();
        }

        await using var service = world.Run();
        await service.ReadyAsync();
        await Until.TrueAsync(async () => await service.StatusAsync() is { } status && Seen(status, out last), "they still are", TimeSpan.FromSeconds(30), () => $"{last}\n{service.Tail}");
        world.Downstreams.Apply(FaultPlan.None);
        await Settled.AsyncOf(service, TimeSpan.FromSeconds(90));

        var status = await service.StatusAsync();
        Assert.All(status!.Downstreams, system => Assert.Equal((BreakerMode.Closed, 0), (system.Breaker.Mode, system.Invoices)));
        var patched = world.Downstreams.Effects.Snapshot().Where(effect => effect.Outcome == EffectOutcome.Patched).Select(effect => effect.Key).ToHashSet();
        Assert.NotEmpty(patched);
        Assert.Contains("degraded since", service.Output, StringComparison.Ordinal);
        world.Away = TimeSpan.FromSeconds(60);
        await world.SoundAsync();
    }

    /// <summary>A share that swings around the bound and beyond, answers that drip, every other fault, and one system that is away.</summary>
    static FaultPlan Ill { get; } = GentleFaults.Plan(19)
        .With(Leg.Verification, new() { ErrorSwing = new(0.15, 0.3, TimeSpan.FromSeconds(4)), ErrorButDone = 0.03, Drip = 0.02, SlowFor = TimeSpan.FromMilliseconds(300) })
        .With(Leg.Tax, new() { Periods = [new(FaultKind.ResetBefore, TimeSpan.Zero, TimeSpan.FromHours(1))] });

    static bool Seen(StatusAnswer status, out string seen)
    {
        seen = string.Join('\n', status.Downstreams);
        return status.Downstreams.Single(system => system.Leg == "verification").Breaker is { Mode: not BreakerMode.Closed, Since: not null, Reason: not null, NextProbeAt: not null }
            && status.Downstreams.Single(system => system.Leg == "tax").Breaker.Mode != BreakerMode.Closed;
    }
}

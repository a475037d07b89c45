using System.Text;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

public class NastyTests
{
    const int Orders = 300;

    [Fact]
    public async Task Who_asks_and_resends_the_same_bytes_under_the_same_key_gets_everything_done_once()
    {
        var nasty = FaultPlan.Nasty.Systems["Split"] with { HangFor = TimeSpan.FromMilliseconds(1), SlowFor = TimeSpan.Zero, LateBy = TimeSpan.FromMilliseconds(1), Periods = [], RateLimit = null, RejectShare = 0 };
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, nasty);
        await Parallel.ForAsync(1, Orders + 1, async (order, _) => Assert.True(await Eventually.TrueAsync(() => DoneAsync(systems, order))));

        var effects = systems.Server.Effects.Snapshot();
        Assert.Equal(Orders, effects.Where(effect => effect.Outcome == EffectOutcome.Accepted).Select(effect => effect.Key).Distinct().Count());
        Assert.Equal(Orders, effects.Count(effect => effect.Outcome == EffectOutcome.Accepted));
        Assert.DoesNotContain(effects, effect => effect.Outcome == EffectOutcome.Mismatch);
        Assert.All(effects, effect => Assert.Equal(Bodies.Split(long.Parse(effect.Key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)), Encoding.UTF8.GetString(effect.Body)));
        Assert.True(systems.Server.Stats()[1].Faults > 0);
    }

    static async Task<bool> DoneAsync(RunningDownstreams systems, long order)
    {
        var key = $"{order}:split:0";
        try
        {
            return IsGood(await systems.PostAsync(Leg.Split, key, Bodies.Split(order))) || IsGood(await systems.GetAsync(Leg.Split, key));
        }
        catch (HttpRequestException)
        {
            return false;
        }

        bool IsGood(RunningDownstreams.Reply reply) => reply.Status is 200 or 201 or 409 && reply.Body.Contains($"\"key\":\"{key}\",\"id\":", StringComparison.Ordinal);
    }
}

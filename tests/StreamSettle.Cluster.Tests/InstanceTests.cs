using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Instances come, go, die, sleep and lose their state while all of them are at work.</summary>
[Collection(ConnectTests.Name)]
public sealed class InstanceTests(TestPostgres postgres, ConnectWorker connect)
{
    /// <summary>The session's 6 s, a rebalance, and what a busy machine adds; the target of 12 s is for a machine that is alone, so the time is printed.</summary>
    static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Native")]
    [InlineData("Streamiz")]
    [Trait("Category", "Soak")]
    public async Task What_ends_or_sleeps_or_loses_its_state_costs_nothing_but_time(string host)
    {
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("instances"), host: host);
        foreach (var trouble in new[] { Trouble.StateDeleted, Trouble.StateDamaged, Trouble.Asleep })
        {
            await SurviveAsync(load, trouble, at: 2);
        }

        await load.SoundAsync();
        var (whole, own, other) = (await load.Running[1].StatusAsync(), await load.Cluster.OwnStatusAsync(load.Running[1]), await load.Cluster.OwnStatusAsync(load.Running[2]));
        Assert.Equal(whole!.Flow.Completed, own.Flow.Completed + other.Flow.Completed);
        Assert.True(own.Flow.Completed > 0 && other.Flow.Completed > 0, whole.ToString());
    }

    [Theory]
    [InlineData("Native")]
    [InlineData("Streamiz")]
    [Trait("Category", "Soak")]
    public async Task Twenty_kills_of_either_of_two_instances_cost_nothing_but_time(string host)
    {
        var seed = Seeds.Next("instances");
        var random = new Random(seed);
        await using var load = await Load.StartAsync(postgres, connect, seed, host: host);
        for (var kill = 0; kill < 20; kill++)
        {
            var (trouble, at) = ((Trouble)random.Next(4), 1 + random.Next(2));
            await SurviveAsync(load, trouble, at);
            await load.MarksPassAsync(random.Next(60));
        }

        await load.SoundAsync();
    }

    [Theory]
    [InlineData("Native")]
    [InlineData("Streamiz")]
    [Trait("Category", "Soak")]
    public async Task From_one_to_four_instances_each_started_anew_and_back_to_one_costs_nothing(string host)
    {
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("storm"), instances: 1, host);
        await load.RunAsync(2, 3, 4);
        await load.GoesOnAsync();
        foreach (var number in new[] { 1, 2 })
        {
            await load.StopAsync(number);
            await load.RunAsync(number);
            await load.GoesOnAsync();
        }

        await Task.WhenAll(load.StopAsync(1), load.StopAsync(3));
        await load.StopAsync(4);
        await load.GoesOnAsync();
        await load.SoundAsync();
    }

    static async Task SurviveAsync(Load load, Trouble trouble, int at)
    {
        var other = 3 - at;
        if (trouble == Trouble.Asleep)
        {
            var sleeper = load.Running[at];
            Signals.Freeze(sleeper.Id);
            try
            {
                await GoesOnAloneAsync(load, trouble, other);
            }
            finally
            {
                Signals.Thaw(sleeper.Id);
            }

            await load.AllReadyAsync();
            Assert.False(sleeper.HasExited, sleeper.Tail);
        }
        else
        {
            await load.KillAsync(at);
            await GoesOnAloneAsync(load, trouble, other);
            Hurt(trouble, load.Cluster.StateDirectory(at));
            await load.RunAsync(at);
        }

        await load.GoesOnAsync();
    }

    static async Task GoesOnAloneAsync(Load load, Trouble trouble, int other)
    {
        var took = await load.GoesOnAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cluster: {trouble}: {took.TotalSeconds:F1} s to the first settlement by the survivor"));
        Assert.InRange(took, TimeSpan.Zero, TakenOverWithin);
        Assert.False(load.Running[other].HasExited, load.Said());
    }

    static void Hurt(Trouble trouble, string directory)
    {
        if (trouble == Trouble.StateDeleted)
        {
            Directory.Delete(directory, recursive: true);
        }

        if (trouble == Trouble.StateDamaged)
        {
            var damaged = Directory.GetFiles(directory, "MANIFEST-*", SearchOption.AllDirectories);
            Assert.NotEmpty(damaged);
            Array.ForEach(damaged, file => File.WriteAllText(file, "not what it was"));
        }
    }

    enum Trouble
    {
        Killed,
        StateDeleted,
        StateDamaged,

        /// <summary>Stopped past its session, and let run again.</summary>
        Asleep,
    }
}

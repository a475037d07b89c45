using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Storms;

public class StormTests
{
    /// <summary>On a busy machine.</summary>
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(120);
    static readonly TimeSpan MendedWithin = TimeSpan.FromSeconds(300);

    /// <summary>From the moment at which a check allows something to the instant that its event names.</summary>
    static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Ids of log lines.</summary>
    const int Fires = 9001, NotFiring = 9002, FiresAgain = 9008, SourceLost = 9010, SourceFound = 9011, EventLogLost = 9012, EventLogFound = 9013;

    static readonly Dictionary<int, int> Outages = new() { [NotFiring] = FiresAgain, [SourceLost] = SourceFound, [EventLogLost] = EventLogFound };

    readonly List<DarkTime> darkTimes = [];

    [Fact]
    public Task What_befalls_the_source_for_a_while_is_seen_and_changes_no_settlement() => WeatherAsync(Seeds.Next("storm"), blind: 5, others: 6);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(SoakSeeds))]
    public Task Whatever_befalls_the_source_is_seen_and_changes_no_settlement(int nth) => WeatherAsync(Seeds.Next("storm") + nth, blind: int.MaxValue, others: int.MaxValue);

    public static TheoryData<int> SoakSeeds => [.. Enumerable.Range(0, 3)];

    async Task WeatherAsync(int seed, int blind, int others)
    {
        var random = new Random(seed);
        await using var storm = await Storm.GatherAsync(seed);
        await ReadyAsync(storm, "the start");
        foreach (var trouble in Draw(random, blind, others))
        {
            Console.WriteLine($"storm {seed}: {trouble}");
            await SufferAsync(storm, trouble, random);
        }

        await storm.Trade.CloseAsync();
        await Settled.AsyncOf(storm.Keeper.Service, TimeSpan.FromSeconds(180));
        storm.Keeper.Service.Terminate();
        Assert.Equal(0, await storm.Keeper.Service.ExitAsync(TimeSpan.FromSeconds(30)));
        storm.World.Away = TimeSpan.FromMinutes(10);
        var report = await storm.World.SoundAsync();
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));
        Console.WriteLine($"storm {seed}: {await StormJudge.JudgeAsync(storm, darkTimes)}");
    }

    static Trouble[] Draw(Random random, int blind, int others)
    {
        var names = Environment.GetEnvironmentVariable("STREAMSETTLE_TROUBLES") ?? "";
        Trouble[] all = [.. TableTroubles.All.Concat(RightsTroubles.All(random)).Concat(RowTroubles.All).Concat(WayTroubles.All).Where(trouble => Regex.IsMatch(trouble.Name, names))];
        random.Shuffle(all);
        Trouble[] drawn = [.. all.Where(trouble => trouble.Sight == Sight.Blind).Take(blind), .. all.Where(trouble => trouble.Sight != Sight.Blind).Take(others)];
        random.Shuffle(drawn);
        return drawn;
    }

    async Task SufferAsync(Storm storm, Trouble trouble, Random random)
    {
        var lasts = TimeSpan.FromSeconds(0.3 + 2 * random.NextDouble());
        var more = random.Next(8);
        await SaysThatItFiresAsync(storm);
        var (service, told) = (storm.Keeper.Service, storm.Keeper.Service.Log.Count);
        await trouble.Begin(storm);
        if (trouble.Sight == Sight.Blind)
        {
            // What was known when it began serves as long as the source may be silent.
            await storm.PassesAsync(Storm.Silence);
            await Until.TrueAsync(storm.Keeper.IsBlindAsync, $"it sees that it sees nothing: {trouble}", SeenWithin, () => storm.Keeper.Tail);
        }

        var from = UtcInstant.Now(TimeProvider.System) + Moment;
        await (more switch
        {
            0 => storm.Keeper.KillAsync(),
            1 => storm.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'settle'"),
            _ => Task.CompletedTask,
        });
        await storm.PassesAsync(Moment + lasts);
        if (trouble.Sight == Sight.Blind)
        {
            if (service == storm.Keeper.Service && !service.HasExited)
            {
                await SaysItOnceAsync(trouble, service, told);
            }

            darkTimes.Add(new(trouble.Name, from, UtcInstant.Now(TimeProvider.System)));
        }
        else if (trouble.Sight == Sight.Clear)
        {
            await ReadyAsync(storm, $"{trouble}, which hides nothing");
        }

        await trouble.End(storm);
        await ReadyAsync(storm, $"the end of {trouble}");
        await storm.PassesAsync(lasts / 2);
    }

    /// <summary>That marks fire: only then is the next stop another one.</summary>
    static Task SaysThatItFiresAsync(Storm storm) =>
        Until.TrueAsync(() => storm.Keeper.Service.Log.LastOrDefault(line => line.Id is Fires or FiresAgain or NotFiring) is { Id: not NotFiring }, "its log says that it fires", SeenWithin, () => storm.Keeper.Tail);

    /// <summary>Of each outage its log tells the beginning once, as an error, and nothing else is one.</summary>
    static async Task SaysItOnceAsync(Trouble trouble, ServiceProcess service, int told)
    {
        await Until.TrueAsync(() => service.Log.Skip(told).Any(line => line is { IsError: true, Id: NotFiring }), $"its log says it: {trouble}", SeenWithin, () => service.Tail);
        var said = service.Log.Skip(told).ToArray();
        var lines = string.Join('\n', said.Select(line => line.Text));
        foreach (var (begin, end) in Outages)
        {
            var turns = said.Where(line => line.Id == begin || line.Id == end).ToArray();
            Assert.True(turns.Zip(turns.Skip(1)).All(pair => pair.First.Id != pair.Second.Id), $"{trouble}: its log must say it once:\n{lines}");
            Assert.True(turns.All(line => line.IsError == (line.Id == begin)), $"{trouble}: the beginning of an outage is an error, its end is none:\n{lines}");
        }

        Assert.True(said.All(line => !line.IsError || Outages.ContainsKey(line.Id)), $"{trouble}: another error:\n{lines}");
    }

    static Task ReadyAsync(Storm storm, string after)
    {
        var waited = Stopwatch.StartNew();
        return Until.TrueAsync(storm.Keeper.IsReadyAsync, $"it is ready again after {after}", MendedWithin, () => $"waited {waited.Elapsed}\n{storm.Keeper.Tail}");
    }
}

using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Callbacks;
using StreamSettle.Sandbox.Downstreams.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

/// <summary>A system that works through a merchant's items of a batch in their order.</summary>
public sealed class InOrderTests
{
    public static TheoryData<SystemFaults, int, int> Faults => new()
    {
        { new() { InOrder = true }, 201, 201 },
        { new() { InOrder = true, RejectKeys = ["1:split:0"] }, 422, 201 },
        { new() { InOrder = true, ErrorNotDone = 1 }, 500, 424 },
        { new() { InOrder = true, ErrorButDone = 1 }, 500, 424 },
        { new() { InOrder = true, Unavailable = 1 }, 503, 424 },
        { new() { InOrder = true, Garbage = 1 }, 200, 424 },
        { new() { ErrorNotDone = 1 }, 500, 500 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Those_behind_one_that_is_neither_done_nor_refused_are_not_begun(SystemFaults faults, int first, int behind)
    {
        using var log = new EffectLog(null);
        var system = new DownstreamSystem(Leg.Split, log, new CallbackSender(log, TimeProvider.System), TimeProvider.System);
        system.Apply(1, faults);
        using var json = JsonDocument.Parse(Bodies.Batch(
            ("1:split:0", Bodies.Split(1)), ("5:split:0", Bodies.Split(5, merchant: 8)), ("2:split:0", Bodies.Split(2)), ("3:split:0", Bodies.Split(3))));
        var answers = BatchItems.Read(json.RootElement)!.Post(system, UtcInstant.Now(TimeProvider.System), FaultKind.None);

        // Another merchant's is none of theirs: it meets its own fate.
        Assert.Equal([first, first == 422 ? 201 : first, behind, behind], answers.Select(answer => answer.Status));
        Assert.Equal(behind == 424 ? 2 : 0, log.Snapshot().Count(entry => entry is { Outcome: EffectOutcome.NotDone, Status: 424 }));
    }

    [Fact]
    public async Task Any_number_of_a_merchant_is_no_breach_of_the_contract()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { InOrder = true });
        var reply = await systems.BatchAsync(Leg.Split, Bodies.Batch(Enumerable.Range(1, 20).Select(order => ($"{order}:split:0", Bodies.Split(order)))));

        Assert.Equal(207, reply.Status);
        Assert.Equal(20, systems.Server.Stats().Sum(stats => stats.Accepted));
        Assert.Equal(0, systems.Server.Stats().Sum(stats => stats.BatchViolations));
    }
}

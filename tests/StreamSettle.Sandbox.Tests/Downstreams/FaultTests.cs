using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

public class FaultTests
{
    const string Key = "1:split:0";

    [Fact]
    public async Task An_error_that_was_done_is_found_afterwards()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { ErrorButDone = 1 });
        Assert.Equal(500, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal(200, (await systems.GetAsync(Leg.Split, Key)).Status);
        Assert.Equal((EffectOutcome.Accepted, 500, FaultKind.ErrorButDone), Last(systems));
    }

    [Fact]
    public async Task An_error_that_was_not_done_is_not_found_afterwards()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { ErrorNotDone = 1 });
        Assert.Equal(500, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal((EffectOutcome.NotDone, 500, FaultKind.ErrorNotDone), Last(systems));
        systems.Server.Apply(FaultPlan.None);
        Assert.Equal(404, (await systems.GetAsync(Leg.Split, Key)).Status);
        Assert.Equal(201, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_breaks_the_connection_before_or_after_doing(bool done)
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, done ? new() { ResetAfter = 1 } : new() { ResetBefore = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => systems.PostAsync(Leg.Split, Key, Bodies.Split(1)));
        systems.Server.Apply(FaultPlan.None);
        Assert.Equal(done ? 200 : 404, (await systems.GetAsync(Leg.Split, Key)).Status);
    }

    [Fact]
    public async Task A_timeout_was_done_although_nobody_answers()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { TimeoutButDone = 1, HangFor = TimeSpan.FromMilliseconds(50) });
        await Assert.ThrowsAsync<HttpRequestException>(() => systems.PostAsync(Leg.Split, Key, Bodies.Split(1)));
        systems.Server.Apply(FaultPlan.None);
        Assert.Equal(200, (await systems.GetAsync(Leg.Split, Key)).Status);
    }

    [Fact]
    public async Task Garbage_is_no_good_answer()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { Garbage = 1 });
        for (var order = 1; order <= 20; order++)
        {
            var answer = await systems.PostAsync(Leg.Split, $"{order}:split:0", Bodies.Split(order));
            Assert.Equal(200, answer.Status);
            Assert.DoesNotContain($"\"key\":\"{order}:split:0\"", answer.Body, StringComparison.Ordinal);
        }

        Assert.Equal([EffectOutcome.Accepted, EffectOutcome.NotDone], systems.Server.Effects.Snapshot().Select(entry => entry.Outcome).Distinct().Order());
    }

    [Fact]
    public async Task A_late_call_is_done_after_its_answer_has_left()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { LateDone = 1, LateBy = TimeSpan.FromMilliseconds(20) });
        Assert.Equal(504, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        var arrived = await Eventually.TrueAsync(async () => (await systems.GetAsync(Leg.Split, Key)).Status == 200);
        Assert.True(arrived);
        Assert.Equal([EffectOutcome.NotDone, EffectOutcome.Accepted], systems.Server.Effects.Snapshot().Select(entry => entry.Outcome));
    }

    [Fact]
    public async Task Unavailable_and_too_many_requests_say_when_to_come_back()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { Unavailable = 1, RetryAfter = TimeSpan.FromSeconds(7) });
        var unavailable = await systems.PostAsync(Leg.Split, Key, Bodies.Split(1));
        Assert.Equal((503, "7"), (unavailable.Status, unavailable.Headers["Retry-After"]));

        systems.Server.Apply(FaultPlan.None.With(Leg.Split, new() { TooManyRequests = 1 }));
        var tooMany = await systems.PostAsync(Leg.Split, Key, Bodies.Split(1));
        Assert.Equal((429, "1"), (tooMany.Status, tooMany.Headers["Retry-After"]));
        Assert.Equal(0, systems.Server.Stats()[1].BudgetViolations);
    }

    [Fact]
    public async Task Refused_keys_are_refused_until_the_plan_changes()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { RejectKeys = [Key] });
        Assert.Equal(422, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal(422, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal(201, (await systems.PostAsync(Leg.Split, "2:split:0", Bodies.Split(2))).Status);
        systems.Server.Apply(FaultPlan.None);
        Assert.Equal(201, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
    }

    [Fact]
    public void The_share_of_refused_keys_is_kept_and_always_hits_the_same_ones()
    {
        var (first, second) = (new FaultDice(1, Leg.Split, new() { RejectShare = 0.1 }, TimeProvider.System), new FaultDice(1, Leg.Split, new() { RejectShare = 0.1 }, TimeProvider.System));
        var keys = Enumerable.Range(1, 10_000).Select(order => $"{order}:split:0").ToArray();

        Assert.InRange(keys.Count(first.Rejects), 900, 1100);
        Assert.Equal(keys.Where(first.Rejects), keys.Where(second.Rejects));
    }

    [Theory]
    [InlineData(0, 0.09)]
    [InlineData(15, 0.1)]
    [InlineData(30, 0.11)]
    [InlineData(45, 0.1)]
    [InlineData(60, 0.09)]
    public void A_share_of_errors_swings_evenly(int second, double share) =>
        Assert.Equal(share, new FaultSwing(0.09, 0.11, TimeSpan.FromMinutes(1)).At(TimeSpan.FromSeconds(second)), 6);

    [Fact]
    public void As_many_requests_fail_as_the_swing_says()
    {
        var dice = new FaultDice(1, Leg.Split, new() { ErrorSwing = new(0.2, 0.2, TimeSpan.FromMinutes(1)) }, TimeProvider.System);

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => dice.Draw() == FaultKind.ErrorNotDone), 1_850, 2_150);
    }

    [Fact]
    public async Task An_answer_that_drips_is_a_good_one_in_the_end()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { Drip = 1, SlowFor = TimeSpan.FromMilliseconds(50) });
        var reply = await systems.PostAsync(Leg.Split, Key, Bodies.Split(1));

        Assert.Equal(201, reply.Status);
        Assert.Contains($"\"{Key}\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal((EffectOutcome.Accepted, 201, FaultKind.Drip), Last(systems));
    }

    [Fact]
    public async Task A_system_without_batches_says_404_and_one_with_small_batches_413()
    {
        await using var systems = await RunningDownstreams.StartAsync(FaultPlan.None.With(Leg.Split, new() { NoBatch = true }).With(Leg.Verification, new() { MaxBatch = 1 }));
        Assert.Equal(404, (await systems.BatchAsync(Leg.Split, Bodies.Batch((Key, Bodies.Split(1))))).Status);
        var two = Bodies.Batch(("1:verification:0", Bodies.Verification(1)), ("2:verification:0", Bodies.Verification(2, merchant: 8)));
        Assert.Equal(413, (await systems.BatchAsync(Leg.Verification, two)).Status);
        Assert.Empty(systems.Server.Effects.Snapshot());
    }

    [Fact]
    public async Task A_period_hits_every_request_and_ends()
    {
        var period = new FaultPeriod(FaultKind.Unauthorized, TimeSpan.Zero, TimeSpan.FromHours(1));
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { Periods = [period] });
        Assert.Equal(401, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal(401, (await systems.GetAsync(Leg.Split, Key)).Status);
        Assert.Equal(201, (await systems.PostAsync(Leg.Tax, "1:tax:0", Bodies.Tax(1))).Status);
        systems.Server.Apply(FaultPlan.None.With(Leg.Split, new() { Periods = [period with { Kind = FaultKind.ResetBefore }] }));
        await Assert.ThrowsAsync<HttpRequestException>(() => systems.GetAsync(Leg.Split, Key));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(10, true)]
    [InlineData(14.9, true)]
    [InlineData(15, false)]
    [InlineData(71, true)]
    [InlineData(76, false)]
    public void A_period_comes_back(double seconds, bool covered) => Assert.Equal(
        covered,
        new FaultPeriod(FaultKind.ResetBefore, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)).Covers(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task A_repeat_may_be_a_conflict_with_the_recorded_answer()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { ConflictOnRepeat = true });
        var first = await systems.PostAsync(Leg.Split, Key, Bodies.Split(1));
        var second = await systems.PostAsync(Leg.Split, Key, Bodies.Split(1));
        Assert.Equal((409, first.Body), (second.Status, second.Body));
    }

    [Fact]
    public async Task Items_of_a_batch_fail_one_by_one()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { ErrorNotDone = 0.2, ErrorButDone = 0.2, Garbage = 0.2, Unavailable = 0.2 });
        var statuses = new HashSet<int>();
        for (var round = 0; round < 30; round++)
        {
            var batch = await systems.BatchAsync(Leg.Split, Bodies.Batch(Enumerable.Range(1 + 20 * round, 20).Select(order => ($"{order}:split:0", Bodies.Split(order, merchant: order)))));
            if (batch.Status == 207)
            {
                statuses.UnionWith(batch.Json.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));
            }
        }

        Assert.Equal([201, 500, 503], statuses.Where(status => status != 200).Order());
    }

    [Fact]
    public async Task Faults_change_at_run_time_and_what_is_left_out_keeps_its_default()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var changed = await systems.ControlAsync(HttpMethod.Post, "/faults", """{"systems":{"Split":{"errorNotDone":1,"rateWindow":"00:00:10"}}}""");
        Assert.Equal(200, changed.Status);
        Assert.Equal(new SystemFaults().MaxBatch, systems.Server.Faults.Systems["Split"].MaxBatch);
        Assert.Equal(TimeSpan.FromSeconds(10), systems.Server.Faults.Systems["Split"].RateWindow);
        Assert.Equal(500, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);

        Assert.Equal(200, (await systems.ControlAsync(HttpMethod.Post, "/faults", """{"preset":"none"}""")).Status);
        Assert.Equal(201, (await systems.PostAsync(Leg.Split, Key, Bodies.Split(1))).Status);
        Assert.Equal(400, (await systems.ControlAsync(HttpMethod.Post, "/faults", """{"preset":"wild"}""")).Status);
        Assert.Equal(400, (await systems.ControlAsync(HttpMethod.Post, "/faults", """{"systems":{"Spilt":{}}}""")).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gentle")]
    [InlineData("nasty")]
    public void Presets_are_sound(string name) => Assert.Empty(FaultPlan.Preset(name).Problems("Faults"));

    [Fact]
    public void An_unsound_plan_is_refused() => Assert.Throws<UserMistakeException>(() => FaultPlan.Preset("x"));

    static (EffectOutcome Outcome, int Status, FaultKind Fault) Last(RunningDownstreams systems)
    {
        var entry = systems.Server.Effects.Snapshot()[^1];
        return (entry.Outcome, entry.Status, entry.Fault);
    }
}

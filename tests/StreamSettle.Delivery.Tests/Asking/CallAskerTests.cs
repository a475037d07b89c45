using System.Diagnostics;
using StreamSettle.Delivery.Asking;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Asking;

/// <summary>What is recorded is asked for within limits and pauses, and what cannot be learned is unknown.</summary>
public class CallAskerTests
{
    const string Key = "42:split:0";

    static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    readonly VirtualTime time = new(new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero));
    readonly ScriptedSystem system = new();
    readonly DownstreamOptions options = new() { BaseUrl = "http://127.0.0.1" };

    [Fact]
    public async Task What_is_there_is_found_and_what_is_not_is_absent()
    {
        system.OnGet = (key, _) => key == Key ? Good(key) : null;
        using var asker = Asker();
        Assert.Equal(new RecordedCall.Found("r-1"), await EndAsync(asker.AskAsync(Key, default)));
        Assert.Equal(RecordedCall.Absent.Instance, await EndAsync(asker.AskAsync("43:split:0", default)));
    }

    [Theory]
    [InlineData(500, ""), InlineData(200, "<html>Jane Doe</html>"), InlineData(200, "{\"key\":\"7:split:0\",\"id\":\"r\"}"), InlineData(302, ""), InlineData(401, ""), InlineData(403, "")]
    public async Task An_answer_that_says_nothing_is_asked_for_again_and_then_unknown(int status, string body)
    {
        system.OnGet = (_, _) => Reply.Of(status, body);
        using var asker = Asker();
        var unknown = Assert.IsType<RecordedCall.Unknown>(await EndAsync(asker.AskAsync(Key, default)));
        Assert.Equal(CallAsker.MostTries, system.Gets.Count);
        Assert.DoesNotContain("Jane", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_once_is_found_at_the_next_try()
    {
        system.OnGet = (key, nth) => nth == 1 ? Reply.Vanished : Good(key);
        using var asker = Asker();
        Assert.IsType<RecordedCall.Found>(await EndAsync(asker.AskAsync(Key, default)));
    }

    [Fact]
    public async Task A_system_that_is_away_is_not_asked_for_every_call()
    {
        system.OnGet = (_, _) => Reply.Refused;
        using var asker = Asker();
        for (var order = 0; order < 100; order++)
        {
            Assert.IsType<RecordedCall.Unknown>(await EndAsync(asker.AskAsync($"{order}:split:0", default)));
        }

        Assert.InRange(system.Requests, AskingPace.AwayAfter, AskingPace.AwayAfter + 5);

        system.OnGet = (key, _) => Good(key);
        time.Advance(AskingPace.ProbeInterval);
        Assert.IsType<RecordedCall.Found>(await EndAsync(asker.AskAsync(Key, default)));
        Assert.IsType<RecordedCall.Found>(await EndAsync(asker.AskAsync(Key, default)));
    }

    [Fact]
    public async Task A_pause_is_kept_and_one_that_is_too_long_is_not_waited_for()
    {
        system.OnGet = (key, nth) => nth == 1 ? Reply.Of(429, retryAfter: "30") : Good(key);
        using var asker = Asker();
        var asked = asker.AskAsync(Key, default);
        Assert.IsType<RecordedCall.Found>(await EndAsync(asked));
        Assert.True(time.GetElapsedTime(0) >= TimeSpan.FromSeconds(30));

        system.OnGet = (_, _) => Reply.Of(503, retryAfter: "1800");
        var unknown = Assert.IsType<RecordedCall.Unknown>(await EndAsync(asker.AskAsync("44:split:0", default)));
        Assert.Contains("pause", unknown.Why, StringComparison.Ordinal);
        Assert.Equal(1, system.Gets.Count(key => key == "44:split:0"));
    }

    [Fact]
    public async Task Of_a_limit_no_more_than_its_share_is_used_in_any_window()
    {
        var at = new List<TimeSpan>();
        system.OnRequest = _ => at.Add(time.GetElapsedTime(0));
        using var asker = Asker(options with { RateLimit = 100, RateWindow = TimeSpan.FromMinutes(1) }, new(8, 0.05));
        await EndAsync(Task.WhenAll(Enumerable.Range(0, 23).Select(order => asker.AskAsync($"{order}:split:0", default))));
        Assert.Equal(23, at.Count);
        Assert.All(at.Zip(at.Skip(5)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_limit_that_is_learned_is_shared_too_and_what_is_used_up_is_waited_for()
    {
        var at = new List<TimeSpan>();
        system.OnRequest = _ => at.Add(time.GetElapsedTime(0));
        system.OnGet = (key, _) => Reply.Of(404) is Reply.Status none ? none with { Headers = new() { Limit = "40", Remaining = at.Count == 3 ? "0" : "20", Reset = "10" } } : null;
        using var asker = Asker(options with { RateWindow = TimeSpan.FromSeconds(20) }, new(1, 0.1));
        for (var order = 0; order < 9; order++)
        {
            await EndAsync(asker.AskAsync($"{order}:split:0", default));
        }

        Assert.All(at.Zip(at.Skip(4)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(20)));
        Assert.True(at[3] - at[2] >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Few_questions_are_in_flight_at_once()
    {
        system.OnGet = (_, _) => Reply.Held;
        using var asker = Asker(asking: new(3, 0.1));
        var all = Task.WhenAll(Enumerable.Range(0, 10).Select(order => asker.AskAsync($"{order}:split:0", default)));
        for (var clock = Stopwatch.StartNew(); !all.IsCompleted && clock.Elapsed < Bound; await Task.Yield())
        {
            Assert.InRange(system.HeldBack.Count, 0, 3);
            system.Release(Reply.Of(404));
        }

        Assert.All(await all, answer => Assert.Equal(RecordedCall.Absent.Instance, answer));
    }

    CallAsker Asker(DownstreamOptions? with = null, AskingOptions? asking = null) => new(Leg.Split, with ?? options, asking ?? new(8, 0.1), system, time);

    static Reply Good(string key) => Reply.Of(200, $$"""{"key":"{{key}}","id":"r-1"}""");

    /// <summary>Moves the clock whenever only time is waited for.</summary>
    async Task<T> EndAsync<T>(Task<T> task)
    {
        for (var clock = Stopwatch.StartNew(); !task.IsCompleted; await Task.Yield())
        {
            Assert.True(clock.Elapsed < Bound, "it does not end");
            if (time.UntilNextTimer is { } next)
            {
                time.Advance(next);
            }
        }

        return await task;
    }
}

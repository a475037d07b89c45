using Microsoft.Extensions.Time.Testing;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Integration.Tests.Bulk;

/// <summary>The pace of a command that acts on many letters, and how it goes on when it was cut off.</summary>
public class BulkRunTests
{
    static readonly BulkRequest Asked = new("replay", new("split", null, null, null, null, null), All: false, null, null, null, null, DryRun: false, null);

    readonly FakeTimeProvider time = new();
    readonly List<BulkRequest> requests = [];
    readonly List<string> progress = [];
    const int Letters = 7;

    [Fact]
    public async Task So_many_go_in_a_second_and_no_more()
    {
        var run = new BulkRun(AnswerAsync, time, (done, all) => progress.Add($"{done} of {all}"));
        var whole = run.RunAsync(Asked, 3, TestContext.Current.CancellationToken);
        Assert.Single(requests);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Single(requests);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Until(() => requests.Count == 2);
        time.Advance(TimeSpan.FromSeconds(1));
        await whole;
        Assert.Equal([3, 3, 3], requests.Select(request => request.Limit));
        Assert.Equal([(null, null, null), ("b1", "T", "3"), ("b1", "T", "6")], requests.Select(request => (request.RequestId, request.AsOf, request.After)));
        Assert.Equal((6, "7"), (run.Done, Assert.Single(run.Refused).Id));
        Assert.Equal(["3 of 7", "6 of 7"], progress);
        Assert.Null(run.GoOn);
    }

    [Fact]
    public async Task One_that_is_cut_off_says_how_to_go_on()
    {
        var run = new BulkRun((asked, stop) => requests.Count < 1 ? AnswerAsync(asked, stop) : throw new EnvironmentFailedException("away"), time, (_, _) => { });
        var whole = run.RunAsync(Asked, 3, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => whole);
        Assert.Equal((3, "--request-id b1 --as-of T --after 3"), (run.Done, run.GoOn));
    }

    [Fact]
    public void Groups_are_counted_the_largest_first_and_only_so_many_are_told_apart()
    {
        var groups = new DeadLetterGroups();
        for (var i = 0; i < DeadLetterGroups.Most + 5; i++)
        {
            groups.Add(Letter(i, $"422: {i}"));
        }

        groups.Add(Letter(900, "422: 7"));
        Assert.Equal((DeadLetterGroups.Most + 6, DeadLetterGroups.Most, 5), (groups.Count, groups.Groups.Count, groups.Others));
        Assert.Equal(("422: 7", 2, "7:split:0"), (groups.Groups[0].Reason, groups.Groups[0].Count, groups.Groups[0].Example));
        Assert.True(string.CompareOrdinal(groups.Groups[0].Oldest, groups.Groups[0].Newest) < 0);
    }

    static Kernel.DeadLetters.DeadLetter Letter(long order, string reason) =>
        new() { Id = $"{order}:split:0", Stage = "split", OrderId = order, Reason = reason, Since = new(order * 1_000_000), Payload = [] };

    static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    /// <summary>A service with so many letters, numbered from one, the last of which cannot be acted on.</summary>
    Task<BulkAnswer> AnswerAsync(BulkRequest asked, CancellationToken stop)
    {
        requests.Add(asked);
        var first = asked.After is { } after ? int.Parse(after, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var count = Math.Min(asked.Limit!.Value, Letters - first);
        var isLast = first + count == Letters;
        return Task.FromResult(new BulkAnswer(
            "b1", "replay", "ops", "T", Letters, isLast ? count - 1 : count, isLast ? [new($"{Letters}", "no")] : [], null, isLast ? null : $"{first + count}"));
    }
}

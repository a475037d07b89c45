using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tasks;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

/// <summary>State that comes back from changelogs, as it is told.</summary>
public class RestoreProgressTests
{
    [Fact]
    public void Only_stores_of_which_something_is_missing_count()
    {
        var restore = RestoreProgress.Of(Metrics(
            Task(0, TaskState.Restoring, (30, 100), (50, 50)), Task(1, TaskState.Restoring, (0, 0)), Task(2, TaskState.Running, (7, 9)), Task(3, TaskState.Restoring, (1, 2), (3, 4))));

        Assert.Equal(new RestoreAnswer(2, 34, 106), restore);
        Assert.Equal("2 tasks get their state back from their changelogs: 34 of 106 offsets", RestoreProgress.Text(restore!));
    }

    [Fact]
    public void Nothing_is_told_where_nothing_is_missing() => Assert.Null(RestoreProgress.Of(Metrics(Task(0, TaskState.Running, (9, 9)), Task(1, TaskState.Restoring))));

    static StreamsMetrics Metrics(params TaskMetrics[] tasks) => new(StreamsState.Running, [new("one", 0, null, tasks)]);

    static TaskMetrics Task(int partition, TaskState state, params (long Restored, long Total)[] stores) =>
        new(new(0, partition), state, 0, 0, []) { Stores = [.. stores.Select((store, index) => new StoreMetrics($"store-{index}", new(store.Restored, store.Total)))] };
}

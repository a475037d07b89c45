using StreamSettle.App.Http.Answers;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.App.Running;

/// <summary>How far the tasks that came to this instance have their state, of which changelogs keep the truth. The embedded log keeps stores whole: there it is nothing.</summary>
static class RestoreProgress
{
    /// <returns>Null where nothing is missing.</returns>
    public static RestoreAnswer? Of(StreamsMetrics metrics)
    {
        var (tasks, restored, total) = (0, 0L, 0L);
        foreach (var task in metrics.Threads.SelectMany(thread => thread.Tasks).Where(task => task.State == TaskState.Restoring))
        {
            var missing = task.Stores.Where(store => store.Restore.Restored < store.Restore.Total).ToList();
            tasks += missing.Count > 0 ? 1 : 0;
            restored += missing.Sum(store => store.Restore.Restored);
            total += missing.Sum(store => store.Restore.Total);
        }

        return tasks > 0 ? new(tasks, restored, total) : null;
    }

    /// <summary>As a reason why the instance is not ready.</summary>
    public static string Text(RestoreAnswer restore) => FormattableString.Invariant(
        $"{restore.Tasks} {(restore.Tasks == 1 ? "task gets its" : "tasks get their")} state back from {(restore.Tasks == 1 ? "its changelogs" : "their changelogs")}: {restore.Restored} of {restore.Total} offsets");
}

using System.Text.Json.Nodes;
using StreamSettle.Benchmarks.Hosts;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// What a host of the stream threads adds by itself, natively and inside of Streamiz, over a log in memory: how late answers to single records and messages are committed, and what it takes
/// while nothing comes. <c>--questions</c> 500 of each kind, <c>--partitions</c> 80 (twice as many tasks), <c>--threads</c> 2, <c>--commit-ms</c> 20 (the service's), <c>--idle-seconds</c> 5.
/// </summary>
sealed class HostsJob : IBenchmarkJob
{
    const int DefaultQuestions = 500;
    const int DefaultPartitions = 80;
    const int DefaultThreads = 2;
    const int DefaultCommitMs = 20;
    const int DefaultIdleSeconds = 5;
    const int WarmUp = 100;

    public string Name => "hosts";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var answer = new JsonObject();
        foreach (var (name, isStreamiz) in new[] { ("native", false), ("streamiz", true) })
        {
            MeasureAsync(answer, name, isStreamiz, options).GetAwaiter().GetResult();
        }

        return answer.ToJsonString();
    }

    static async Task MeasureAsync(JsonObject answer, string name, bool isStreamiz, IReadOnlyDictionary<string, string> options)
    {
        var questions = options.Count("questions", DefaultQuestions);
        var partitions = options.Count("partitions", DefaultPartitions);
        await using var run = new HostRun(isStreamiz, partitions, options.Count("threads", DefaultThreads), TimeSpan.FromMilliseconds(options.Count("commit-ms", DefaultCommitMs)));
        run.OfRecords(WarmUp);
        var records = run.OfRecords(questions);
        run.OfMessages(WarmUp);
        var messages = run.OfMessages(questions);
        answer[name + "_two_hops_p50_ms"] = records.P50;
        answer[name + "_two_hops_p99_ms"] = records.P99;
        answer[name + "_message_p50_ms"] = messages.P50;
        answer[name + "_message_p99_ms"] = messages.P99;
        answer[name + "_idle_percent"] = Math.Round(HostRun.IdlePercent(TimeSpan.FromSeconds(options.Count("idle-seconds", DefaultIdleSeconds))), 2);
        answer[name + "_tasks"] = 2 * partitions;
    }
}

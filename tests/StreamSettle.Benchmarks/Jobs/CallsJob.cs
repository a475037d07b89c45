using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamSettle.Benchmarks.Calls;
using StreamSettle.Delivery.Options;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// Calls a second to one downstream system, in the order of each merchant, from the embedded log over real HTTP to the sandbox's system in the same process. With <c>--workers N</c> that works at so many
/// requests at once, and the others wait there; <c>--commit-linger-ms</c> 0: how long commits gather that nobody waits for, 10 in the service; <c>--threads</c>: stream threads, by default as many as the service has, one a core.
/// </summary>
sealed class CallsJob : IBenchmarkJob
{
    const int WarmUpShare = 10;
    const int GoalPerSecond = 20_000;

    /// <summary>As the service has it by default.</summary>
    const int MostThreads = 4;

    public string Name => "calls";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(options).GetAwaiter().GetResult();

    /// <summary>Enough calls in flight that the latency is not what bounds the goal's calls a second, half of it to spare; never below a system's default.</summary>
    static int Concurrency(TimeSpan latency) =>
        Math.Clamp((int)(GoalPerSecond * latency.TotalSeconds * 1.5), new DownstreamOptions().Concurrency, DownstreamOptions.MaxConcurrency);

    static async Task<string> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var calls = options.Count("calls", 200_000);
        var warmUp = Math.Max(1, calls / WarmUpShare);
        var latency = TimeSpan.FromMilliseconds(options.Count("latency-ms", 10));
        var plan = FaultPlan.Preset(options.GetValueOrDefault("faults", "none"));
        var run = new CallsRun(
            options.Count("merchants", 1_000), options.Count("batch", 1), options.Count("concurrency", Concurrency(latency)), plan, latency, options.ContainsKey("workers") ? options.Count("workers", 1) : null)
        {
            Threads = options.Count("threads", Math.Clamp(Environment.ProcessorCount, 1, MostThreads)),
            CommitLinger = TimeSpan.FromMilliseconds(options.Count("commit-linger-ms", 0)),
        };
        await using (run)
        {
            await run.StartAsync();
            await run.SendAsync(first: 1, warmUp);
            var (began, allocated, requests, used) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(), run.Requests, Environment.CpuUsage.TotalTime);
            await run.SendAsync(first: warmUp + 1, calls);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            used = Environment.CpuUsage.TotalTime - used;
            var next = run.NextCalls(warmUp + 1);
            var violations = run.Check(warmUp + calls);
            return new JsonObject
            {
                ["job"] = "calls",
                ["calls"] = calls,
                ["seconds"] = Math.Round(seconds, 3),
                ["calls_per_s"] = Math.Round(calls / seconds),
                ["order_violations"] = violations,
                ["commits_per_s"] = Math.Round(run.Commits / seconds),
                ["allocated_bytes_per_call_with_sandbox"] = allocated / calls,
                ["requests_per_call"] = Math.Round(run.Arrivals / (double)(warmUp + calls), 3),
                ["calls_per_request"] = Math.Round(calls / (double)(run.Requests - requests), 2),
                ["cpu_us_per_call_with_sandbox"] = Math.Round(used.TotalMicroseconds / calls, 1),
                ["answer_to_next_call_ms_p50"] = next.Milliseconds(0.5),
                ["answer_to_next_call_ms_p99"] = next.Milliseconds(0.99),
                ["request_ms_p50"] = run.Times.Milliseconds(0.5),
                ["request_ms_p99"] = run.Times.Milliseconds(0.99),
            }.ToJsonString();
        }
    }
}

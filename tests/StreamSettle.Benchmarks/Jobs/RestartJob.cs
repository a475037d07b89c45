using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Benchmarks.Delay;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Kafka;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The time from the start after kill -9, with many orders pending, to the first record committed. <c>--pending</c> 1000000, <c>--transport</c> embedded.
/// With <c>--transport</c> kafka (a broker of its own from <c>KAFKA_HOME</c>, or that of <c>--bootstrap</c>) it is an instance that has lost its directory, and the time until all its tasks have their stores back and run.
/// The process that is killed is this program with <c>--fill DIRECTORY</c>.
/// </summary>
sealed class RestartJob : IBenchmarkJob
{
    const int DefaultPending = 1_000_000;
    const int Partitions = 4;
    const string Ready = "ready";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "restart";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var pending = options.Count("pending", DefaultPending);
        if (options.GetValueOrDefault("fill") is { } directory)
        {
            return Fill(directory, pending);
        }

        using var state = new StateRoot(options.GetValueOrDefault("state"));
        if (options.GetValueOrDefault("transport") == "kafka")
        {
            return RestoreAsync(options.GetValueOrDefault("bootstrap"), state, pending).GetAwaiter().GetResult();
        }

        var path = state.Next();
        FillAndKill(path, pending);
        var started = Stopwatch.GetTimestamp();
        var log = Open(path);
        var opened = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var app = Start(log);
        WaitFor(() => Committed(log) > pending);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Stop(app, log);
        return new JsonObject { ["seconds_to_first_record"] = Math.Round(seconds, 3), ["seconds_to_open"] = Math.Round(opened, 3), ["pending"] = pending }.ToJsonString();
    }

    /// <param name="given">Null for a broker of our own.</param>
    static async Task<string> RestoreAsync(string? given, StateRoot state, int pending)
    {
        var folder = Directory.CreateDirectory(state.Next()).FullName;
        await using var broker = given is null
            ? await PrivateBroker.StartAsync(new() { Home = KafkaHome.Find().Whole(folder), Folder = folder, Java = new() { HeapMb = 1024, QuickStart = false } })
            : null;
        var (secondsToRun, restored) = new RestoreRun(given ?? broker!.Bootstrap, state, pending).Execute();
        return new JsonObject { ["seconds_to_run"] = Math.Round(secondsToRun, 2), ["restored"] = restored, ["pending"] = pending }.ToJsonString();
    }

    /// <summary>Lets the application take in all orders, adds one that it never sees, and waits to be killed.</summary>
    static string Fill(string directory, int pending)
    {
        var log = Open(directory);
        log.EnsureTopics(DelayTopology.Build(Partitions).Topics);
        using var producer = log.OpenClient("generator", "1");
        new OrderGenerator(producer, Partitions).GenerateSome(0, pending, days: 0.9);
        var app = Start(log);
        WaitFor(() => Committed(log) == pending);
        app.StopAsync().GetAwaiter().GetResult();
        new OrderGenerator(producer, Partitions).GenerateSome(pending, 1, days: 0.9);
        Console.WriteLine(Ready);
        Console.ReadLine();
        return "{}";
    }

    static void FillAndKill(string directory, int pending)
    {
        var program = Environment.ProcessPath ?? throw new EnvironmentFailedException("the path of this program is not known");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(RestartJob).Assembly.Location);
        }

        foreach (var argument in new[] { "restart", "--fill", directory, "--pending", pending.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using var filler = Process.Start(start) ?? throw new EnvironmentFailedException($"{program} cannot be started");
        var line = filler.StandardOutput.ReadLine();
        filler.Kill();
        filler.WaitForExit();
        if (line != Ready)
        {
            throw new BrokenInvariantException($"the filling process said '{line}', not '{Ready}'");
        }
    }

    static EmbeddedLog Open(string directory) => EmbeddedLog.Open(
        new EmbeddedLogOptions { Directory = directory, Partitions = Partitions },
        () => new Guid("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"), NullLogger.Instance);

    static StreamsApp Start(EmbeddedLog log)
    {
        var app = new StreamsApp(DelayTopology.Build(Partitions), log, new StreamsOptions { Threads = 2 }, TimeProvider.System, NullLogger<StreamsApp>.Instance);
        app.Start();
        return app;
    }

    static long Committed(EmbeddedLog log) =>
        Enumerable.Range(0, Partitions).Sum(partition => log.CommittedPosition(DelayTopology.Build(Partitions).ApplicationId, new TopicPartition(DelayNames.Default.Changes, partition)));

    static void WaitFor(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
        {
            throw new BrokenInvariantException($"nothing of what was waited for came within {Patience}");
        }
    }

    static void Stop(StreamsApp app, EmbeddedLog log)
    {
        app.StopAsync().GetAwaiter().GetResult();
        log.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Benchmarks.Hosts;

/// <summary>
/// One application on a log in memory, run natively or inside of Streamiz. The log costs next to nothing, so what is measured is the host: how late an answer is committed, one question at a time,
/// and what threads with nothing to do take of a processor.
/// </summary>
sealed class HostRun : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly MemoryLog log = new();
    readonly AnsweringTopology answering = new();
    readonly SemaphoreSlim answered = new(0);
    readonly StreamsApp app;
    readonly int partitions;
    long answeredAt;
    int asked;

    public HostRun(bool isHostedByStreamiz, int partitions, int threads, TimeSpan commitInterval)
    {
        this.partitions = partitions;
        var topology = answering.Build(partitions);
        log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        log.AfterCommit = Committed;
        var options = new StreamsOptions { Threads = threads, CommitInterval = commitInterval };
        app = isHostedByStreamiz
            ? StreamizHost.Open(topology, log, options, TimeProvider.System, NullLoggerFactory.Instance)
            : new(topology, log, options, TimeProvider.System, NullLogger<StreamsApp>.Instance);
        app.Start();
    }

    /// <summary>From a record's append to the commit of its answer: two transactions.</summary>
    public Lateness OfRecords(int count) => Measure(count, (question, key) =>
    {
        var batch = new RecordBatch();
        batch.Add(new() { TimestampMs = 1, Key = key, Value = key });
        log.Append(new(AnsweringTopology.Questions, Murmur2.Partition(key, partitions)), batch);
    });

    /// <summary>From a message's posting to the commit of its answer: one transaction. After <see cref="OfRecords"/>, so that all tasks run.</summary>
    public Lateness OfMessages(int count) => Measure(count, (question, key) => answering.Mailbox(question % partitions).Post(key));

    /// <summary>Of one processor, in percent, while nothing comes.</summary>
    public static double IdlePercent(TimeSpan time)
    {
        var used = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        Thread.Sleep(time);
        return 100 * ((Environment.CpuUsage.TotalTime - used) / Stopwatch.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.Completion;
        await log.DisposeAsync();
        answered.Dispose();
    }

    Lateness Measure(int count, Action<int, byte[]> ask)
    {
        var took = new double[count];
        for (var i = 0; i < count; i++)
        {
            var key = Encoding.UTF8.GetBytes((asked++).ToString(CultureInfo.InvariantCulture));
            var began = Stopwatch.GetTimestamp();
            ask(asked, key);
            if (!answered.Wait(Patience))
            {
                throw new BrokenInvariantException($"no answer came to question {asked} within {Patience.TotalSeconds} s; the application is {app.State}");
            }

            took[i] = Stopwatch.GetElapsedTime(began, Volatile.Read(ref answeredAt)).TotalMilliseconds;
        }

        return new(took);
    }

    void Committed(LogCommit commit)
    {
        var now = Stopwatch.GetTimestamp();
        var answers = commit.Outputs.Where(output => output.Partition.Topic == AnsweringTopology.Answers).Sum(output => output.Batch.Count);
        if (answers > 0)
        {
            Volatile.Write(ref answeredAt, now);
            answered.Release(answers);
        }
    }
}

using System.Text;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>Words counted by their first letter on a log in memory, by Streamiz' threads.</summary>
sealed class HostedWords : IAsyncDisposable
{
    readonly MemoryLog log;
    readonly Topology topology = CountingTopology.Build();
    readonly TestLog said = new();
    readonly OutputReader outputs;
    readonly Dictionary<string, string> last = [];
    readonly List<string> all = [];
    StreamsApp app;

    public HostedWords(MemoryLog log, int threads = 1)
    {
        this.log = log;
        log.EnsureTopics(topology.Topics);
        outputs = new(log);
        app = Start(threads);
    }

    public StreamsApp App => app;

    public void Pipe(params string[] words)
    {
        foreach (var word in words)
        {
            var batch = new RecordBatch();
            var key = Encoding.UTF8.GetBytes(word);
            batch.Add(new() { TimestampMs = 1, Key = key, Value = key });
            log.Append(new("words", Murmur2.Partition(key, 3)), batch);
        }
    }

    public void ExpectCounts(params (string Letter, int Count)[] counts)
    {
        Eventually.Holds(() => Look() && counts.All(count => last.GetValueOrDefault(count.Letter) == count.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), () => $"{string.Join(' ', all)}\n{said}");
        Look();
        Assert.Equal(counts.SelectMany(count => Enumerable.Range(1, count.Count).Select(n => $"{count.Letter}={n}")).Order(), all.Order());
    }

    public async Task StopAsync()
    {
        await app.StopAsync();
        await app.Completion;
    }

    public void StartAgain(int threads = 1) => app = Start(threads);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await log.DisposeAsync();
    }

    bool Look()
    {
        foreach (var output in outputs.Read("counts-out"))
        {
            var (letter, count) = (Encoding.UTF8.GetString(output.Key!), Encoding.UTF8.GetString(output.Value!));
            last[letter] = count;
            all.Add($"{letter}={count}");
        }

        return true;
    }

    StreamsApp Start(int threads)
    {
        var started = StreamizHost.Open(topology, log, new() { Threads = threads, CommitInterval = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, new OneLogger(said));
        started.Start();
        return started;
    }
}

using System.Text;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>The split leg's sub-topology under the driver: a log and a system that outlive the process, and processes that come and go.</summary>
sealed class DeliveryBench
{
    public const string Commands = "split-commands";
    public const string ResultsTopic = "delivery-results";
    public const string DeadLettersTopic = "dead-letters";
    public const string Budgets = "downstream-budgets";

    DownstreamOptions options;
    readonly int partitions;
    readonly Dictionary<string, List<OutputRecord>> read = [];
    TopologyDriver driver;

    public DeliveryBench(DownstreamOptions? options = null, int partitions = 1)
    {
        this.options = options ?? new() { BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(10), MaxAttempts = 3 };
        this.partitions = partitions;
        System.OnRequest = Committed.Check;
        (Channel, driver) = Open();
    }

    public static UtcInstant Start { get; } = UtcInstant.Parse("2026-11-01T00:00:00Z");

    public ScriptedSystem System { get; } = new();

    public VirtualTime Time { get; } = new(Start.ToDateTimeOffset());

    public MemoryLog Log { get; } = new();

    /// <summary>Which machine, and which boot of it, processes are on; null where they cannot tell.</summary>
    public Guid? Boot { get; set; } = new("00000000-0000-0000-0000-000000000001");

    /// <summary>What is held, whatever process asks.</summary>
    public HoldBook Holds { get; } = new();

    public DownstreamChannel Channel { get; private set; }

    public ChannelStatus Status => Channel.Status();

    public IReadOnlyList<DeliveryResult> Results => [.. Read(ResultsTopic).Select(record => DeliveryResult.Read(record.Value))];

    public IReadOnlyList<string> ResultNames => [.. Results.Select(result => $"{result.Key} {result.Outcome} {result.Attempt}")];

    /// <summary>The dead letters that wait: the compacted topic's content.</summary>
    public IReadOnlyDictionary<string, DeadLetter> DeadLetters
    {
        get
        {
            var letters = new Dictionary<string, DeadLetter>();
            foreach (var record in Read(DeadLettersTopic))
            {
                letters.Remove(Encoding.UTF8.GetString(record.Key!));
                if (record.Value is { } value)
                {
                    letters.Add(Encoding.UTF8.GetString(record.Key!), DeadLetter.Read(value));
                }
            }

            return letters;
        }
    }

    CommittedCheck Committed => new(Log, partitions);

    public static CallKey Key(long order) => new(new(order), Leg.Split, 0);

    public static string Body(long order) => $$"""{"orderId":{{order}},"amount":100}""";

    /// <summary>Puts a send there whose body is longer by <paramref name="padding"/> bytes.</summary>
    public void AppendLarge(long order, int padding, long? merchant = null) =>
        Append(DeliveryCommandKind.Send, order, merchant ?? order, Lane.Ordinary, null, null, $$"""{"orderId":{{order}},"amount":100,"invoice":"{{new string('x', padding)}}"}""");

    /// <summary>Puts a send there whose body ends with an invoice.</summary>
    /// <param name="kind">Or a question of a call that may have been sent before.</param>
    public void AppendWithInvoice(long order, long merchant = 7, bool keyAccount = false, int n = 0, DeliveryCommandKind kind = DeliveryCommandKind.Send)
    {
        var body = Body(order);
        Append(new()
        {
            Kind = kind, Key = new(new(order), Leg.Split, n), Merchant = new(merchant), Lane = keyAccount ? Lane.Priority : Lane.Ordinary, DueAt = Start,
            KeyAccount = keyAccount, InvoiceAt = body.Length - 1, Body = Encoding.UTF8.GetBytes($"{body[..^1]},\"invoice\":{Invoice(order)}}}"),
        });
    }

    public static string Invoice(long order) => $$"""{"no":"R-{{order}}"}""";

    /// <summary>Puts a send there without running anything.</summary>
    public void Append(long order, long merchant = 7, Lane lane = Lane.Ordinary) =>
        Append(DeliveryCommandKind.Send, order, merchant, lane, null, null, Body(order));

    public void Send(long order, long merchant = 7, Lane lane = Lane.Ordinary)
    {
        Append(order, merchant, lane);
        Run();
    }

    /// <summary>What an operator says of every discard.</summary>
    public const string Why = "filed by hand";

    public void Replay(long order, string requestId = "q-1")
    {
        Append(DeliveryCommandKind.Replay, order, 7, Lane.Ordinary, "ann", requestId, "");
        Run();
    }

    public void Discard(long order, string requestId = "q-1")
    {
        Append(DeliveryCommandKind.Discard, order, 7, Lane.Ordinary, "ann", requestId, "");
        Run();
    }

    /// <summary>The order's retention is over.</summary>
    public void Forget(long order)
    {
        Append(DeliveryCommandKind.Forget, order, 7, Lane.Ordinary, null, null, "");
        Run();
    }

    /// <summary>The calls that the store has anything of.</summary>
    public IReadOnlyList<string> KnownCalls
    {
        get
        {
            var calls = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var prefix in "CBD"u8)
            {
                using var scan = driver.Store("split-calls").Scan([prefix], [(byte)(prefix + 1)]);
                while (scan.MoveNext())
                {
                    calls.Add(StoredCallKey.Read(scan.Key[1..], Leg.Split).ToString());
                }
            }

            return [.. calls];
        }
    }

    public void Run() => driver.RunUntilIdle();

    public void Advance(TimeSpan by) => driver.AdvanceTime(by);

    public void AdvanceSeconds(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The next process is configured otherwise.</summary>
    public void Reconfigure(DownstreamOptions other) => options = other;

    /// <summary>The process is gone, whatever it was at, and a new one starts. What its requests do to the system stays done.</summary>
    public void Crash() => CrashFor(() => { });

    /// <summary>The process is gone, and what follows happens before a new one starts.</summary>
    public void CrashFor(Action meanwhile)
    {
        read.Clear();
        driver.Dispose();
        meanwhile();
        (Channel, driver) = Open();
    }

    /// <summary>The task is closed and opened again by the same process, as after an aborted transaction.</summary>
    public void Reopen()
    {
        driver.Crash();
        driver.RunUntilIdle();
    }

    (DownstreamChannel Channel, TopologyDriver Driver) Open()
    {
        var channel = new DownstreamChannel(Leg.Split, options, System, Time, Boot).GoBy(Holds);
        var topology = new TopologyBuilder().AddDelivery(Leg.Split, () => channel, new(Commands, ResultsTopic, DeadLettersTopic, Budgets), seed: 1).Build("test", partitions);
        return (channel, new(topology, Time, new() { CommitEvery = 1 }, Log));
    }

    void Append(DeliveryCommandKind kind, long order, long merchant, Lane lane, string? by, string? requestId, string body) => Append(new DeliveryCommand
    {
        Kind = kind,
        Key = Key(order),
        Merchant = new(merchant),
        Lane = lane,
        DueAt = Start,
        By = by,
        RequestId = requestId, Note = kind == DeliveryCommandKind.Discard ? Why : null,
        Body = Encoding.UTF8.GetBytes(body),
    });

    void Append(in DeliveryCommand command)
    {
        ByteBuffer key = new(), value = new();
        new ByteWriter(key).Int64(command.Merchant.Value);
        command.Write(new ByteWriter(value));
        driver.Append(Commands, key.Written, value.Written, Start.Microseconds / 1000);
    }

    // A new process reads all of it again.
    List<OutputRecord> Read(string topic)
    {
        if (!read.TryGetValue(topic, out var records))
        {
            read[topic] = records = [];
        }

        records.AddRange(driver.ReadOutput(topic));
        return records;
    }
}

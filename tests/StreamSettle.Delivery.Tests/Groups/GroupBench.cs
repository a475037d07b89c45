using System.Text;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Processing;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Delivery.Tests.Groups;

/// <summary>Instances of one group in virtual time: each a process and a machine of its own, on one log and with one system, which notes when requests come.</summary>
sealed class GroupBench : IDisposable
{
    /// <summary>How long a request takes, and how finely time moves.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMilliseconds(100);

    readonly DownstreamOptions options;
    readonly List<Instance> instances = [];
    readonly List<TimeSpan> arrivals = [];
    int lastBoot;
    int turn;

    public GroupBench(DownstreamOptions options, int partitions = 16)
    {
        (this.options, Partitions) = (options, partitions);
        System.OnPost = (_, _) => Reply.Held;
        System.OnGet = (_, _) => Reply.Held;
        var committed = new CommittedCheck(Log, partitions);
        System.OnRequest = request =>
        {
            committed.Check(request);
            arrivals.Add(Time.GetElapsedTime(0));
        };
        Log.EnsureTopics(Topology(() => null!).Topics);
    }

    public int Partitions { get; }

    public ScriptedSystem System { get; } = new();

    /// <summary>What each request is answered with, by its number; done by default.</summary>
    public Func<int, Reply> Answer { get; set; } = _ => Reply.Ok;

    /// <summary>No request is answered; of those of the dead none ever.</summary>
    public bool Holds { get; set; }

    public VirtualTime Time { get; } = new(DeliveryBench.Start.ToDateTimeOffset());

    public MemoryLog Log { get; } = new();

    public int Arrived => arrivals.Count;

    /// <summary>Requests that each instance sent.</summary>
    public IReadOnlyList<int> Sent => [.. instances.Select(instance => instance.Sent)];

    public IReadOnlyList<ChannelStatus> Statuses => [.. instances.Select(instance => instance.Channel.Status())];

    /// <summary>One more instance, on a machine of its own.</summary>
    public int Join()
    {
        instances.Add(new(this, new(++lastBoot, 0, 0, new byte[8])));
        Run();
        return instances.Count - 1;
    }

    /// <summary>It is gone with all that it had not committed; the group sees so at once.</summary>
    public void Kill(int instance)
    {
        instances[instance].Driver.Dispose();
        instances.RemoveAt(instance);
        Run();
    }

    /// <summary>Commands for calls of as many merchants.</summary>
    /// <param name="invoices">Their bodies end with one.</param>
    public void Append(int from, int count, long? merchant = null, bool invoices = false)
    {
        for (var order = from; order < from + count; order++)
        {
            var body = DeliveryBench.Body(order);
            var command = new DeliveryCommand
            {
                Kind = DeliveryCommandKind.Send, Key = DeliveryBench.Key(order), Merchant = new(merchant ?? order), Lane = Lane.Ordinary,
                DueAt = DeliveryBench.Start, InvoiceAt = invoices ? body.Length - 1 : 0,
                Body = Encoding.UTF8.GetBytes(invoices ? $"{body[..^1]},\"invoice\":{DeliveryBench.Invoice(order)}}}" : body),
            };
            ByteBuffer key = new(), value = new();
            new ByteWriter(key).Int64(command.Merchant.Value);
            command.Write(new ByteWriter(value));
            var batch = new RecordBatch();
            batch.Add(new RawRecord { TimestampMs = DeliveryBench.Start.Microseconds / 1000, Key = key.Written, Value = value.Written });
            Log.Append(new(DeliveryBench.Commands, Murmur2.Partition(key.Written, Partitions)), batch);
        }
    }

    public void Advance(TimeSpan by)
    {
        for (var end = Time.GetElapsedTime(0) + by; Time.GetElapsedTime(0) < end;)
        {
            Time.Advance(Step);
            Release();
            Run();
        }
    }

    /// <summary>Most requests in any window, of those that came from <paramref name="since"/> on.</summary>
    public int MostIn(TimeSpan window, TimeSpan since = default)
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < arrivals.Count; to++)
        {
            for (; arrivals[to] - arrivals[from] > window || arrivals[from] < since; from++)
            {
                if (from == to)
                {
                    break;
                }
            }

            most = Math.Max(most, arrivals[to] < since ? 0 : to - from + 1);
        }

        return most;
    }

    /// <summary>What a system that counts a sliding window says of a limit: requests left, and whole seconds until there is one more.</summary>
    public (int Requests, int Seconds) Left(int limit, TimeSpan window)
    {
        var now = Time.GetElapsedTime(0);
        var inWindow = arrivals.Where(at => now - at < window).ToList();
        return (Math.Max(0, limit - inWindow.Count), inWindow.Count == 0 ? 0 : (int)Math.Ceiling((inWindow[0] + window - now).TotalSeconds));
    }

    /// <summary>Requests in the time given, from the start of the bench.</summary>
    public int Between(TimeSpan from, TimeSpan to) => arrivals.Count(at => at - arrivals[0] >= from && at - arrivals[0] < to);

    public void Dispose() => instances.ForEach(instance => instance.Driver.Dispose());

    void Release()
    {
        foreach (var held in Holds ? [] : System.HeldBack.ToList())
        {
            System.HeldBack.Clear();
            System.HeldBack.Add(held);
            System.Release(Answer(arrivals.Count));
        }

        if (!Holds)
        {
            System.HeldBack.Clear();
        }
    }

    // What one commits others may wait for: a partition, or a record.
    void Run()
    {
        turn++;
        for (var next = 0; next < 3 * instances.Count; next++)
        {
            // Not always the same one first.
            instances[(turn + next) % instances.Count].Driver.RunUntilIdle();
        }
    }

    Topology Topology(Func<DownstreamChannel> channel) => new TopologyBuilder()
        .AddDelivery(Leg.Split, channel, new(DeliveryBench.Commands, DeliveryBench.ResultsTopic, DeliveryBench.DeadLettersTopic, DeliveryBench.Budgets), seed: 1)
        .AddGroup(_ => channel(), DeliveryBench.Budgets).Build("test", Partitions);

    sealed class Instance : IDownstreamTransport
    {
        readonly GroupBench bench;

        public Instance(GroupBench bench, Guid boot)
        {
            this.bench = bench;
            Channel = new(Leg.Split, bench.options, this, bench.Time, boot, new(bench.Partitions, boot));
            Driver = new(bench.Topology(() => Channel), bench.Time, new() { CommitEvery = 1 }, bench.Log);
        }

        public DownstreamChannel Channel { get; }

        public TopologyDriver Driver { get; }

        public int Sent { get; private set; }

        public void Start(DownstreamRequest request)
        {
            Sent++;
            bench.System.Start(request);
        }

        public void Dispose()
        {
        }
    }
}

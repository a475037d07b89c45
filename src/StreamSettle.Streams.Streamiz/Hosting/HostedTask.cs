using Streamiz.Kafka.Net.Processors.Public;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;
using PunctuationType = Streamiz.Kafka.Net.Processors.Public.PunctuationType;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>
/// The one transformer of a sub-topology: it hosts one of our tasks, gives it the records that Streamiz gives, drives its wall-clock punctuations and mailboxes by a
/// punctuation of Streamiz, and forwards what it wrote to the sinks.
/// </summary>
sealed class HostedTask : ITransformer<byte[], byte[], byte[], byte[]>
{
    readonly HostedWork? work;
    readonly SubTopology? subTopology;
    ProcessorContext<byte[], byte[]>? context;
    StreamTask? task;
    bool hasTicked;

    /// <summary>Streamiz makes one of it that it never uses.</summary>
    public HostedTask()
    {
    }

    /// <param name="work">Null where the topology is only described.</param>
    public HostedTask(HostedWork? work, SubTopology subTopology)
    {
        this.work = work;
        this.subTopology = subTopology;
    }

    public int Partition { get; private set; }

    /// <summary>Rung when a mailbox of the task has something. Wakes nobody: it is looked at by each tick.</summary>
    public Bell Bell { get; } = new(() => { });

    public SubTopology SubTopology => subTopology ?? throw Unused();

    /// <summary>Called once for each source, and inside of Streamiz' rebalance, which after a failure would wait for ever: only noted.</summary>
    public void Init(ProcessorContext<byte[], byte[]> context)
    {
        if (this.context is not null)
        {
            return;
        }

        this.context = context;
        Partition = context.Id.Partition;
        Work.Noted(this);
        context.Schedule(HostedConfig.Tick, PunctuationType.PROCESSING_TIME, _ => Tick());
    }

    public Record<byte[], byte[]>? Process(Record<byte[], byte[]> record)
    {
        if (Work.IsGivenUp)
        {
            return null;
        }

        try
        {
            // One that came for the task's predecessor here; it comes again.
            if (task is not { State: TaskState.Running } running)
            {
                return null;
            }

            var partition = new Log.TopicPartition(context!.Topic, Partition);
            Work.Process(running, new(partition, context.Offset, context.Timestamp, ReferenceEquals(record.Key, HostedRecord.NoKey) ? null : record.Key, record.Value) { Headers = HeaderBytes.Of(context.Headers) });
            Forward();
            return null;
        }
        catch
        {
            Work.GiveUp();
            throw;
        }
    }

    /// <summary>Called more than once.</summary>
    public void Close() => work?.Closed(this);

    /// <summary>Takes the task that does the work, or none where it was closed.</summary>
    public void Host(StreamTask? hosted)
    {
        task = hosted;
        hasTicked = false;
    }

    /// <summary>Asks Streamiz to commit when it next looks whether it is time to.</summary>
    public void RequestCommit() => context!.Commit();

    HostedWork Work => work ?? throw Unused();

    static BrokenInvariantException Unused() => new("a transformer that was made for its type alone is used");

    void Tick()
    {
        if (Work.IsGivenUp || task is not { State: TaskState.Running } running)
        {
            return;
        }

        try
        {
            // The first time there is what the processors wrote when they were initialized.
            if (Work.Tick(running, Bell) || !hasTicked)
            {
                hasTicked = true;
                Forward();
                Touch();
            }
        }
        catch
        {
            Work.GiveUp();
            throw;
        }
    }

    /// <summary>Hands outputs to the sinks.</summary>
    void Forward()
    {
        foreach (var (partition, batch) in Work.Fresh.Batches)
        {
            var sink = Work.Sinks.Of(SubTopology, partition.Topic);
            var rest = batch.Bytes;
            while (RecordBatch.TryReadNext(ref rest, out var record))
            {
                Work.Passing = new(partition, record.TimestampMs, record.Headers.ToArray());
                context!.Forward(record.KeyIsNull ? null! : record.Key.ToArray(), record.ValueIsNull ? null! : record.Value.ToArray(), sink);
                Work.Passing = Work.Passing is null ? null : throw new BrokenInvariantException($"a record for {partition} did not pass the sink '{sink}'");
            }
        }

        Work.Fresh.Clear();
        Work.WriteAhead();
    }

    /// <summary>
    /// By itself Streamiz commits nothing where only a punctuation wrote: exactly-once wants a transaction that has begun, so something is forwarded that goes nowhere; at least once, which its test
    /// driver forces, a request.
    /// </summary>
    void Touch()
    {
        if (!Work.HasBegun && Work.IsOpen)
        {
            RequestCommit();
            context!.Forward(null!, null!, HostedSinks.Other(SubTopology));
        }
    }
}

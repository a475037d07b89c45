using System.Collections.Concurrent;
using StreamSettle.Benchmarks.Delay;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Benchmarks.Hosts;

/// <summary>A record goes through a repartition to a task with a store, and an answer comes out; a message to that task's mailbox is answered too.</summary>
sealed class AnsweringTopology
{
    public const string Questions = "questions";
    public const string Answers = "answers";

    readonly ConcurrentDictionary<int, Mailbox<byte[]>> mailboxes = new();

    public Streams.Topologies.Topology Build(int partitions) => new TopologyBuilder()
        .AddSource("questions-source", () => new BytesSerde(), () => new BytesSerde(), Questions)
        .AddProcessor("pass", () => new Pass(), "questions-source")
        .AddRepartition("passed", () => new BytesSerde(), () => new BytesSerde(), "pass")
        .AddProcessor("answer", () => new Answer(mailboxes), "passed-source")
        .AddStateStore(new StoreSpec("answered"), "answer")
        .AddSink("answers-sink", Answers, () => new BytesSerde(), () => new BytesSerde(), "answer")
        .Build("hosts", partitions);

    /// <summary>The way to the task of a partition, which runs.</summary>
    public Mailbox<byte[]> Mailbox(int partition) => mailboxes[partition];

    sealed class Pass : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
    {
        Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> passed = null!;

        public void Init(ProcessorContext context) => passed = context.Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("passed");

        public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record) => passed.Forward(record);
    }

    sealed class Answer(ConcurrentDictionary<int, Mailbox<byte[]>> mailboxes) : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
    {
        IKeyValueStore answered = null!;
        Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> answers = null!;

        public void Init(ProcessorContext context)
        {
            answered = context.Store("answered");
            answers = context.Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("answers-sink");
            mailboxes[context.Task.Partition] = context.Mailbox<byte[]>(question =>
            {
                Reply(question, 0);

                // As delivery does with what a system has answered.
                context.HurryCommit();
            });
        }

        public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record) => Reply(record.Key, record.TimestampMs);

        void Reply(ReadOnlySpan<byte> question, long timestampMs)
        {
            answered.Put(question, question);
            answers.Forward(new Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> { Key = question, Value = question, TimestampMs = timestampMs });
        }
    }
}

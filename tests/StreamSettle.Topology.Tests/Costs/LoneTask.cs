using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>A processor's task without a runtime around it: counts what the processor does.</summary>
sealed class LoneTask(TimeProvider time) : ProcessorContext
{
    readonly Dictionary<string, CountingStore> stores = [];

    public long Forwarded { get; private set; }

    /// <summary>What the processor scheduled.</summary>
    public Action<UtcInstant> Punctuate { get; private set; } = _ => { };

    /// <summary>The schedule of it.</summary>
    public IPunctuation Punctuation { get; } = new Ended();

    public override TaskId Task => new(0, 0);

    public override long StreamTimeMs => 0;

    public override UtcInstant SystemTime => UtcInstant.Now(time);

    public override MonotonicInstant MonotonicTime => MonotonicInstant.Now(time);

    public override RecordMetadata Metadata => new("orders", 0, 0);

    /// <summary>The next offset of every topic.</summary>
    public long At { get; set; } = 1;

    /// <summary>Where every topic ends.</summary>
    public long End { get; set; }

    public override long Position(string topic) => At;

    public override long EndOffset(string topic) => End;

    public override CountingStore Store(string name)
    {
        if (!stores.TryGetValue(name, out var store))
        {
            stores[name] = store = new();
        }

        return store;
    }

    public override IReadOnlyKeyValueStore GlobalStore(string name) => Store(name);

    public override Output<TKey, TValue> Output<TKey, TValue>(string name) => new Counter<TKey, TValue>(this);

    public override IPunctuation Schedule(TimeSpan interval, PunctuationType type, Action<UtcInstant> punctuator, TimeSpan phase = default)
    {
        Punctuate = punctuator;
        return Punctuation;
    }

    public override Mailbox<T> Mailbox<T>(Action<T> handler) => throw new NotSupportedException("nothing here posts");

    public override void RequestCommit()
    {
        // Nothing is committed here.
    }

    public override void HurryCommit()
    {
        // Nobody waits here.
    }

    /// <summary>A schedule that is called by the test alone.</summary>
    sealed class Ended : IPunctuation
    {
        public bool IsLazy { get; set; }

        public void Dispose()
        {
        }
    }

    sealed class Counter<TKey, TValue>(LoneTask owner) : Output<TKey, TValue>
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        public override void Forward(scoped in Record<TKey, TValue> record) => owner.Forwarded++;
    }
}

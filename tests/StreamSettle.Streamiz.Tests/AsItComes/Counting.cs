using System.Globalization;
using System.Text;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.State;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Counts the records of each key in a store; a wall-clock punctuation tells what it finds there.</summary>
sealed class Counting : ITransformer<byte[], byte[], byte[], byte[]>
{
    readonly PlainApplication? application;
    ProcessorContext<byte[], byte[]>? context;
    IKeyValueStore<byte[], byte[]>? counts;

    /// <summary>Streamiz makes one of it that it never uses.</summary>
    public Counting()
    {
    }

    public Counting(PlainApplication application) => this.application = application;

    public void Init(ProcessorContext<byte[], byte[]> context)
    {
        this.context = context;
        counts = (IKeyValueStore<byte[], byte[]>)context.GetStateStore("counts");
        context.Schedule(TimeSpan.FromMilliseconds(10), PunctuationType.PROCESSING_TIME, _ => application!.Punctuated(Count("a"), () => context.Forward(Encoding.UTF8.GetBytes("p"), [1])));
    }

    public Record<byte[], byte[]> Process(Record<byte[], byte[]> record)
    {
        var count = Count(Encoding.UTF8.GetString(record.Key)) + 1;
        counts!.Put(record.Key, Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture)));
        application!.Counted(count);
        return Record<byte[], byte[]>.Create(record.Key, Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture)));
    }

    public void Close()
    {
    }

    int Count(string key) => counts!.Get(Encoding.UTF8.GetBytes(key)) is { } value ? int.Parse(Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture) : 0;
}

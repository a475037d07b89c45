using Streamiz.Kafka.Net.Processors.Public;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Tells who initializes it.</summary>
sealed class MergedTransformer : ITransformer<byte[], byte[], byte[], byte[]>
{
    readonly Action<MergedTransformer>? initialized;

    /// <summary>Streamiz makes one of it that it never uses.</summary>
    public MergedTransformer()
    {
    }

    public MergedTransformer(Action<MergedTransformer> initialized) => this.initialized = initialized;

    public void Init(ProcessorContext<byte[], byte[]> context) => initialized!(this);

    public Record<byte[], byte[]>? Process(Record<byte[], byte[]> record) => record;

    public void Close()
    {
    }
}

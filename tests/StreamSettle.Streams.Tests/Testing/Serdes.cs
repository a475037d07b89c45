using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>The bytes themselves, as a span into the record.</summary>
sealed class BytesSerde : ISerde<ReadOnlySpan<byte>>
{
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source) => source;

    public void Write(ReadOnlySpan<byte> value, ByteWriter destination) => destination.Raw(value);
}

/// <summary>UTF-8; refuses a text that begins with '!'.</summary>
sealed class TextSerde : ISerde<string>
{
    public string Read(ReadOnlySpan<byte> source) =>
        source is [(byte)'!', ..] ? throw new SerdeException("texts do not begin with '!'") : Encoding.UTF8.GetString(source);

    public void Write(string value, ByteWriter destination) => destination.Raw(Encoding.UTF8.GetBytes(value));
}

/// <summary>A processor made of functions.</summary>
sealed class TextProcessor(Action<ProcessorContext> init, Action<string, string, long> process) : IProcessor<string, string>
{
    public Action BeforeCommitted { get; init; } = () => { };

    public Action AfterCommitted { get; init; } = () => { };

    public Action Closed { get; init; } = () => { };

    public void Init(ProcessorContext context) => init(context);

    public void Process(scoped in Record<string, string> record) => process(record.Key, record.Value, record.TimestampMs);

    public void BeforeCommit() => BeforeCommitted();

    public void AfterCommit() => AfterCommitted();

    public void Close() => Closed();
}

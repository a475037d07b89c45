using Streamiz.Kafka.Net.Processors.Public;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Does with each record as the test says.</summary>
sealed class ScriptedTransformer : ITransformer<byte[], byte[], byte[], byte[]>
{
    readonly Scripted? script;
    ProcessorContext<byte[], byte[]>? context;

    /// <summary>Streamiz makes one of it that it never uses.</summary>
    public ScriptedTransformer()
    {
    }

    public ScriptedTransformer(Scripted script) => this.script = script;

    public void Init(ProcessorContext<byte[], byte[]> context) => this.context = context;

    public Record<byte[], byte[]>? Process(Record<byte[], byte[]> record)
    {
        script!.Say("process");
        script.Process(() => context!.Forward([1], [1]));
        return null;
    }

    public void Close()
    {
    }
}

using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Processors;

/// <summary>An edge from a processor to a sink or another processor.</summary>
public abstract class Output<TKey, TValue>
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public abstract void Forward(scoped in Record<TKey, TValue> record);
}

using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>A source of one task, apart from its types.</summary>
abstract class SourceNode
{
    /// <summary>Takes the edges to the children, once all nodes of the task are made.</summary>
    public abstract void Connect();

    /// <summary>False when it cannot be read yet: nothing of it has happened.</summary>
    public abstract bool Process(scoped in RawRecord raw);
}

sealed class SourceNode<TKey, TValue>(SourceSpec<TKey, TValue> spec, StreamTask task, IDeserializer<TKey> keys, IDeserializer<TValue> values) : SourceNode
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    Output<TKey, TValue>[] children = [];

    public override void Connect() => children = [.. spec.Children.Select(child => (Output<TKey, TValue>)task.InputOf(child.Name))];

    public override bool Process(scoped in RawRecord raw)
    {
        try
        {
            return Read(raw);
        }
        catch (Exception exception) when (FailurePlace.Note(exception, task, spec.Name))
        {
            throw;
        }
    }

    bool Read(scoped in RawRecord raw)
    {
        TKey key;
        TValue value;
        try
        {
            if (raw.TimestampMs < 0)
            {
                throw new SerdeException($"the timestamp {raw.TimestampMs} is below zero");
            }

            var headers = new Headers(raw.Headers);
            key = raw.KeyIsNull ? default! : keys.Read(raw.Key, headers);
            value = raw.ValueIsNull ? default! : values.Read(raw.Value, headers);
        }
        catch (SerdeException exception)
        {
            task.OnUnreadable(spec.Name, raw, exception);
            return true;
        }
        catch (EnvironmentFailedException)
        {
            return false;
        }

        task.AdvanceStreamTime(raw.TimestampMs);
        var record = new Record<TKey, TValue>
        {
            Key = key,
            KeyIsNull = raw.KeyIsNull,
            Value = value,
            IsTombstone = raw.ValueIsNull,
            TimestampMs = raw.TimestampMs,
            Headers = new(raw.Headers),
        };
        return Forward(record, raw);
    }

    bool Forward(scoped in Record<TKey, TValue> record, scoped in RawRecord raw)
    {
        try
        {
            foreach (var child in children)
            {
                child.Forward(record);
            }

            return true;
        }
        catch (RecordNotTakenException exception) when (children.Length == 1)
        {
            if (!exception.IsForNow)
            {
                task.OnUnreadable(spec.Name, raw, new SerdeException(exception.Message, exception));
            }

            return !exception.IsForNow;
        }
    }
}

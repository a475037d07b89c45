using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>What one processor sees of its task: only its own edges and stores.</summary>
sealed class TaskContext(StreamTask task, ProcessorSpec spec) : ProcessorContext
{
    public override TaskId Task => task.Id;

    public override long StreamTimeMs => task.StreamTimeMs;

    public override UtcInstant SystemTime => task.SystemTime;

    public override MonotonicInstant MonotonicTime => task.MonotonicTime;

    public override RecordMetadata Metadata => task.Metadata;

    public override long Position(string topic) => task.Queue(topic).Position;

    public override long EndOffset(string topic) => task.EndOffset(topic);

    public override IKeyValueStore Store(string name) =>
        spec.Stores.Contains(name)
            ? task.Store(name)
            : throw new UserMistakeException($"processor '{spec.Name}' asks for the store '{name}', which is not connected to it; {Has("stores", spec.Stores)}");

    public override IReadOnlyKeyValueStore GlobalStore(string name) => task.OpenGlobalStore(name, spec.Name);

    public override Output<TKey, TValue> Output<TKey, TValue>(string name)
    {
        var child = spec.Children.Find(child => child.Name == name)
            ?? throw new UserMistakeException($"processor '{spec.Name}' forwards to '{name}', which is no child of it; {Has("children", spec.Children.Select(child => child.Name))}");
        return task.InputOf(name) as Output<TKey, TValue>
            ?? throw new UserMistakeException($"processor '{spec.Name}' forwards <{TypeName.Of(typeof(TKey))}, {TypeName.Of(typeof(TValue))}> to '{name}', which takes {child.Types}");
    }

    public override IPunctuation Schedule(TimeSpan interval, PunctuationType type, Action<UtcInstant> punctuator, TimeSpan phase = default) =>
        task.Schedule(interval, type, Placed(punctuator), phase);

    public override Mailbox<T> Mailbox<T>(Action<T> handler) => task.OpenMailbox(Placed(handler));

    public override void RequestCommit() => task.RequestCommit();

    public override void HurryCommit() => task.HurryCommit();

    /// <summary>What fails in it names the processor.</summary>
    Action<T> Placed<T>(Action<T> action) => argument =>
    {
        try
        {
            action(argument);
        }
        catch (Exception exception) when (FailurePlace.Note(exception, task, spec.Name))
        {
            throw;
        }
    };

    static string Has(string what, IEnumerable<string> names) => names.Any() ? $"its {what} are {string.Join(", ", names)}" : $"it has no {what}";
}

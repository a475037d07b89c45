using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>What all tasks of an application share.</summary>
sealed record TaskEnvironment(Topology Topology, IStreamLog Log, TimeProvider Time, DeserializationExceptionHandler OnDeserializationException);

/// <summary>What the tasks of one thread share.</summary>
/// <param name="Group">Whose committed positions the tasks go on from.</param>
/// <param name="RequestCommit">Asks the thread for a commit after the record in process.</param>
sealed record ThreadEnvironment(string Group, ILogClient Client, OutputCollector Outputs, Bell Bell, Action RequestCommit)
{
    /// <summary>Tells the thread that its next commit is waited for. Where commits do not linger it is for nothing.</summary>
    public Action HurryCommit { get; init; } = () => { };

    /// <summary>Tasks of the thread whose processors were called since its last commit, in the order in which they were.</summary>
    public List<StreamTask> Touched { get; init; } = [];

    /// <summary>What the thread's next commit would be for, outputs apart.</summary>
    public OpenWork Open { get; init; } = new();

    /// <summary>Tells the thread that its next wall-clock punctuation may be another one.</summary>
    public Action PunctuationsChanged { get; init; } = () => { };
}

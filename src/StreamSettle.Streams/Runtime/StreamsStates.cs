namespace StreamSettle.Streams.Runtime;

/// <summary>The state of an application and its listener. Which may follow which is <see cref="Next"/>, and nothing else.</summary>
sealed class StreamsStates(Action<StreamsState, StreamsState> onChange)
{
    readonly Lock changing = new();
    volatile StreamsState current = StreamsState.Created;

    public static IReadOnlyDictionary<StreamsState, StreamsState[]> Next { get; } = new Dictionary<StreamsState, StreamsState[]>
    {
        [StreamsState.Created] = [StreamsState.Rebalancing, StreamsState.PendingShutdown],
        [StreamsState.Rebalancing] = [StreamsState.Running, StreamsState.PendingError, StreamsState.PendingShutdown],
        [StreamsState.Running] = [StreamsState.Rebalancing, StreamsState.PendingError, StreamsState.PendingShutdown],
        [StreamsState.PendingError] = [StreamsState.Error],
        [StreamsState.Error] = [],
        [StreamsState.PendingShutdown] = [StreamsState.NotRunning, StreamsState.PendingError],
        [StreamsState.NotRunning] = [],
    };

    public StreamsState Current => current;

    /// <summary>Goes to the state when the table allows it; the listener (new, old) is called in order of the changes.</summary>
    public bool TryGo(StreamsState next)
    {
        lock (changing)
        {
            var old = current;
            if (!Next[old].Contains(next))
            {
                return false;
            }

            current = next;
            onChange(next, old);
            return true;
        }
    }
}

using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>One running instance.</summary>
sealed record Instance(KafkaLog Log, StreamsApp App) : IAsyncDisposable
{
    /// <summary>Running tasks of all threads.</summary>
    public int TaskCount => App.Metrics().Threads.Sum(thread => thread.Tasks.Count(task => task.State == Streams.Tasks.TaskState.Running));

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await Log.DisposeAsync();
    }
}

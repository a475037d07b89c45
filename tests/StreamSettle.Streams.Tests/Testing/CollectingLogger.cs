using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>Keeps the levels and event ids of what was said.</summary>
sealed class CollectingLogger<T> : ILogger<T>
{
    readonly ConcurrentQueue<(LogLevel Level, int Id)> said = [];

    public IReadOnlyList<(LogLevel Level, int Id)> Said => [.. said];

    public int Count(int id) => said.Count(line => line.Id == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        said.Enqueue((logLevel, eventId.Id));
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>Keeps what was said, to be shown by a test that fails.</summary>
sealed class TestLog : ILogger<Streams.Runtime.StreamsApp>
{
    const int LinesMax = 400;

    readonly ConcurrentQueue<(int Id, string Text)> said = [];

    public int Count(int id) => said.Count(line => line.Id == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        if (text.Contains("will be ignored", StringComparison.Ordinal))
        {
            return;
        }

        said.Enqueue((eventId.Id, $"{DateTime.UtcNow:mm:ss.fff} {logLevel} {eventId.Id} {text}{(exception is null ? "" : " | " + exception)}"));
        while (said.Count > LinesMax)
        {
            said.TryDequeue(out _);
        }
    }

    public override string ToString() => string.Join('\n', said.Select(line => line.Text));
}

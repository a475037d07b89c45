using Microsoft.Extensions.Logging;

namespace StreamSettle.Integration.Tests.Watching;

/// <summary>A logger that keeps what it is told.</summary>
sealed class LinesOf : ILogger
{
    readonly List<(int Id, LogLevel Level, string Text)> lines = [];

    /// <summary>What was said since it was asked last.</summary>
    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Take()
    {
        (int, LogLevel, string)[] taken = [.. lines];
        lines.Clear();
        return taken;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Add((eventId.Id, logLevel, formatter(state, exception)));
}

using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Streamiz;

/// <summary>What Streamiz says, at the level Debug: it calls every rebalance a warning, and what matters to an operator is said by the runtime.</summary>
sealed class QuietLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <summary>The loggers are somebody else's.</summary>
    public void Dispose()
    {
    }

    sealed class Quiet(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <summary>Its own Debug is said of every record.</summary>
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logger.IsEnabled(LogLevel.Debug);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                logger.Log(LogLevel.Debug, eventId, state, exception, formatter);
            }
        }
    }
}

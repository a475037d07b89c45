using Microsoft.Extensions.Logging;

namespace StreamSettle.Streamiz.Tests;

/// <summary>Everybody's logger is the same.</summary>
sealed class OneLogger(ILogger logger) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public ILogger CreateLogger(string categoryName) => logger;

    public void Dispose()
    {
    }
}

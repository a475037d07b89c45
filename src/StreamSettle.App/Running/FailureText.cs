using StreamSettle.Audit.History;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Running;

/// <summary>A failure for people.</summary>
static class FailureText
{
    /// <summary>Our own messages as they are; those of libraries on one line, with the cause that they keep inside.</summary>
    public static string Of(Exception failure) => failure switch
    {
        UserMistakeException or EnvironmentFailedException => failure.Message,
        AggregateException { InnerExceptions: [var only] } => Of(only),
        { InnerException: { } inner } when !failure.Message.Contains(inner.Message, StringComparison.Ordinal) => $"{OneLine(failure.Message)} {Of(inner)}",
        _ => OneLine(failure.Message),
    };

    /// <summary>Without line breaks, terminal escapes and marks of direction of somebody else.</summary>
    public static string OneLine(string text) => TextTable.OneLine(text).Trim();
}

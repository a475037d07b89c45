using Microsoft.Extensions.Logging;

namespace StreamSettle.Delivery.Http;

/// <summary>What is said of credentials; never a value, never a path. Event ids 4000 to 4009.</summary>
static partial class CredentialsLog
{
    [LoggerMessage(4000, LogLevel.Information, "{Key} was read anew: its file holds another value")]
    public static partial void ReadAnew(this ILogger logger, string key);

    [LoggerMessage(4001, LogLevel.Warning, "{Key} cannot be read anew ({Trouble}): the value before stays in use")]
    public static partial void NotReadable(this ILogger logger, string key, string trouble);

    [LoggerMessage(4002, LogLevel.Information, "{Key} can be read again")]
    public static partial void ReadableAgain(this ILogger logger, string key);
}

using Microsoft.Extensions.Logging;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>What following Debezium says. Event ids 2300 to 2399.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(2300, LogLevel.Error, "The connector {Connector} on {Address} {Problem}; it is restarted in {PauseS} s if it does not run by then")]
    public static partial void ConnectorFailed(this ILogger logger, string connector, string address, string problem, long pauseS);

    [LoggerMessage(2301, LogLevel.Information, "The failed parts of the connector {Connector} on {Address} are restarted")]
    public static partial void ConnectorRestarted(this ILogger logger, string connector, string address);

    [LoggerMessage(2302, LogLevel.Warning, "The source was altered, and Source:Accepted={Fingerprint} says that what was altered has left nothing out: it is followed on")]
    public static partial void Accepted(this ILogger logger, string fingerprint);
}

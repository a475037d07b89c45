namespace StreamSettle.App.Callbacks;

/// <summary>What is said of callbacks; never a secret, nor a signature. Event ids 9030 to 9039.</summary>
static partial class CallbackLog
{
    [LoggerMessage(9030, LogLevel.Warning, "the {Leg} system has undone {Key}: {Reason}")]
    public static partial void CallbackTaken(this ILogger logger, string leg, string key, string reason);

    [LoggerMessage(9031, LogLevel.Warning, "a callback for {Leg} was refused: {Outcome}; {Untold} more since the last that was told")]
    public static partial void CallbackRefused(this ILogger logger, string leg, string outcome, long untold);
}

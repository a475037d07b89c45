using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>What is said of calls. Event ids 4010 to 4019.</summary>
static partial class DeliveryLog
{
    [LoggerMessage(4010, LogLevel.Warning, "the invoice of {Key}, which had been left out, is given up: {Reason}")]
    public static partial void InvoiceGivenUp(this ILogger logger, string key, string reason);

    [LoggerMessage(4011, LogLevel.Warning, "Downstreams:{Leg}: {Breach}. Calls of a merchant go to it one at a time from now on, until the next start: it does not keep what BatchOrder=InOrder says of it")]
    public static partial void OrderBroken(this ILogger logger, Leg leg, string breach);
}

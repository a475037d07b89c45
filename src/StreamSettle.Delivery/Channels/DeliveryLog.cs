using Microsoft.Extensions.Logging;

namespace StreamSettle.Delivery.Channels;

/// <summary>What is said of calls. Event ids 4010 to 4019.</summary>
static partial class DeliveryLog
{
    [LoggerMessage(4010, LogLevel.Warning, "the invoice of {Key}, which had been left out, is given up: {Reason}")]
    public static partial void InvoiceGivenUp(this ILogger logger, string key, string reason);
}

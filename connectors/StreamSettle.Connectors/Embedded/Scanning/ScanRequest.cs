using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>Which orders are to be read again.</summary>
/// <param name="Id">Names the scan.</param>
/// <param name="By">Who asked.</param>
/// <param name="From">Only orders completed from this instant on; null for no bound.</param>
/// <param name="To">Only orders completed before this instant; null for no bound. With a bound orders that are not completed are left out.</param>
public sealed record ScanRequest(string Id, string By, UtcInstant? From, UtcInstant? To);

namespace StreamSettle.Delivery.Channels;

/// <summary>Room for calls.</summary>
/// <param name="Permits">To be reserved in the transaction that the call is in.</param>
/// <param name="IsProbe">The system is degraded: the call is to find out whether it is well again.</param>
/// <param name="LeavesOutInvoice">The system is degraded: a call whose bytes are decided now goes without its invoice.</param>
internal readonly record struct Admission(int Permits, bool IsProbe, bool LeavesOutInvoice)
{
    /// <summary>Calls of one lane that may be under way at once, this one too. Default 1.</summary>
    internal int MostOfLane { get; init; } = 1;
}

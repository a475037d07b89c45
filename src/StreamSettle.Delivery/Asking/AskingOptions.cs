namespace StreamSettle.Delivery.Asking;

/// <summary>How hard a system may be asked beside the calls that it gets.</summary>
/// <param name="Concurrency">Most questions in flight.</param>
/// <param name="Share">Of each limit, configured or learned, that questions may use: above 0, at most 1.</param>
public sealed record AskingOptions(int Concurrency, double Share)
{
    /// <summary>Of a limit: at least one request.</summary>
    public long Of(long limit) => Math.Max(1, (long)(limit * Share));
}

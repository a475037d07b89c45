namespace StreamSettle.Streams.Windows;

/// <summary>
/// Values by key and window start, as Kafka Streams' <c>WindowStore</c>. What is older than the retention, by the highest start that
/// was ever put, is gone: so never a place for money. Times in ms, bounds inclusive.
/// </summary>
public interface IWindowStore
{
    /// <summary>Writes a value; one that is older than the retention is dropped.</summary>
    void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, long windowStartMs);

    /// <summary>As a put of null: it moves the time, too.</summary>
    void Delete(scoped ReadOnlySpan<byte> key, long windowStartMs);

    /// <param name="value">Valid until the next call on the store.</param>
    bool TryGet(scoped ReadOnlySpan<byte> key, long windowStartMs, out ReadOnlySpan<byte> value);

    /// <summary>The windows of one key that start from <paramref name="fromMs"/> to <paramref name="toMs"/>, by start. Dispose the scan.</summary>
    WindowScan Fetch(scoped ReadOnlySpan<byte> key, long fromMs, long toMs);

    /// <summary>All windows that start from <paramref name="fromMs"/> to <paramref name="toMs"/>, segment by segment, in each by key. Dispose the scan.</summary>
    WindowScan FetchAll(long fromMs, long toMs);

    /// <summary>All windows that are not older than the retention, in the order of <see cref="FetchAll"/>.</summary>
    WindowScan All();
}

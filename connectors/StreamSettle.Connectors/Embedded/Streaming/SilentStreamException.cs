namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>The stream brought nothing for longer than it may; the server may be busy, or the connection dead.</summary>
internal sealed class SilentStreamException(TimeSpan patience, Exception cause) : IOException(
    $"the stream of changes has brought nothing for {patience}. Either the server is decoding a large transaction, of whatever tables: then pg_stat_activity has a walsender "
    + "without a wait_event, each attempt waits twice as long as the one before, and it goes on by itself. Or something between here and the server swallows what it sends.",
    cause);

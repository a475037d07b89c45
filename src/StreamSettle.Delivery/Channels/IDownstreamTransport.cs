namespace StreamSettle.Delivery.Channels;

/// <summary>Carries requests to one system: HTTP, or a script in tests.</summary>
public interface IDownstreamTransport : IDisposable
{
    /// <summary>Begins a request and returns at once: the work is done on other threads than the caller's, which polls.</summary>
    void Start(DownstreamRequest request);
}

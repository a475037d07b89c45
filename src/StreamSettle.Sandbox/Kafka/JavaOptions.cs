namespace StreamSettle.Sandbox.Kafka;

/// <summary>How a Java program of a Kafka download is run.</summary>
public sealed record JavaOptions
{
    /// <summary>Most heap in MB. Default 384: enough for some thousands of orders a second.</summary>
    public int HeapMb { get; init; } = 384;

    /// <summary>True, the default, compiles once and little: it starts sooner and takes less of a processor that others need, as a demo and tests do. False compiles hot code again, as a server does that runs for long.</summary>
    public bool QuickStart { get; init; } = true;
}

using StreamSettle.Sandbox.Kafka;

namespace StreamSettle.App.Demo;

/// <summary>How the demo is shown.</summary>
/// <param name="Orders">Orders that the shop sells.</param>
/// <param name="Exit">Stop when all is settled; else the service goes on until Ctrl-C.</param>
/// <param name="Browser">Open the dashboard where there is a screen.</param>
/// <param name="Kafka">The download whose broker and Connect the orders take their way over; null: the embedded log.</param>
sealed record DemoOptions(int Orders, bool Exit, bool Browser, KafkaHome? Kafka)
{
    /// <summary>From completion to mark: long enough to watch, short enough to wait for.</summary>
    public static TimeSpan Delay { get; } = TimeSpan.FromSeconds(8);

    /// <summary>How long news may take from the source to a decision.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);
}

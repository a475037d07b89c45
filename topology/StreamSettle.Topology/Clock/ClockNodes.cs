namespace StreamSettle.Topology.Clock;

/// <summary>The nodes of sub-topology "clock".</summary>
static class ClockNodes
{
    public const string Source = "order-changes";
    public const string Clock = "clock";
    public const string OperatorSource = "operator-requests";
    public const string FinishedSource = "finished-orders-source";
    public const string Events = "clock-events";
    public const string DeadLetters = "clock-dead-letters";
    public const string Progress = "clock-reports";
}

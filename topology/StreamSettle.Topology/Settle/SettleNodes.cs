namespace StreamSettle.Topology.Settle;

/// <summary>The nodes of sub-topology "settle".</summary>
static class SettleNodes
{
    public const string Settle = "settle";
    public const string Events = "settle-events";
    public const string DeadLetters = "settle-dead-letters";
    public const string ProgressRequests = "settle-progress-requests";
    public const string Finished = "settle-finished";
}

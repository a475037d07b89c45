using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>One reversal by its events; a request without a calculation waits or is stuck.</summary>
internal sealed class ReversalHistory(int n)
{
    public int N { get; } = n;

    public List<LoggedEvent> Requested { get; } = [];

    public List<LoggedEvent> Calculated { get; } = [];

    public bool Completed { get; set; }
}

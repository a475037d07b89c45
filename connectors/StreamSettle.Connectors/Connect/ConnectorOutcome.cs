namespace StreamSettle.Connectors.Connect;

/// <summary>What became of a connector after something was done to it.</summary>
/// <param name="Status">The last that was told of it; null where nothing is known.</param>
public sealed record ConnectorOutcome(ConnectorChange Change, ConnectorStatus? Status)
{
    /// <summary>It and its tasks run, and have done so for a while.</summary>
    public bool Runs => Status is { Runs: true };
}

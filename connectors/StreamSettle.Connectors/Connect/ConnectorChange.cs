namespace StreamSettle.Connectors.Connect;

/// <summary>What was done to a connector.</summary>
public abstract record ConnectorChange
{
    ConnectorChange()
    {
    }

    /// <summary>The cluster had none of the name.</summary>
    public sealed record Made : ConnectorChange;

    /// <param name="Keys">Whose values were others.</param>
    public sealed record Updated(IReadOnlyList<string> Keys) : ConnectorChange;

    /// <summary>It was as it should be.</summary>
    public sealed record Unchanged : ConnectorChange;

    /// <summary>It was restarted with its tasks.</summary>
    /// <param name="WasPaused">It was paused or stopped, and let run again.</param>
    public sealed record Restarted(bool WasPaused) : ConnectorChange;
}

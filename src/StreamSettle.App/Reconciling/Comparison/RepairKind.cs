namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>What <c>--repair</c> asks the service for.</summary>
enum RepairKind
{
    /// <summary>Nothing: a person has to look, or something else than the service.</summary>
    None,

    /// <summary>Send the confirmed call again under its own key: its system has lost it.</summary>
    SendAgain,

    /// <summary>Replay the dead letter: its system has done the call, and says so when it gets it again.</summary>
    Replay,
}

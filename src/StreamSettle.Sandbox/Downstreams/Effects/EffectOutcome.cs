namespace StreamSettle.Sandbox.Downstreams.Effects;

/// <summary>What a system did about a call that arrived.</summary>
public enum EffectOutcome
{
    /// <summary>Done, for the first time: the one effect that a key may have.</summary>
    Accepted,

    /// <summary>Known already with the same body: the recorded answer, no new effect.</summary>
    Repeated,

    /// <summary>Known already with another body: 409.</summary>
    Mismatch,

    /// <summary>Refused for what it says: 400 or 422.</summary>
    Rejected,

    /// <summary>A fault came first.</summary>
    NotDone,

    /// <summary>An invoice that came later was taken.</summary>
    Patched,

    /// <summary>An effect was undone here, and the service is told so by a callback.</summary>
    Returned,
}

namespace StreamSettle.App.DeadLetters;

/// <summary>What an operator asks of a dead letter.</summary>
/// <param name="Replay">Try it again; false: give it up.</param>
/// <param name="By">The name of the API key.</param>
/// <param name="RequestId">Unique.</param>
/// <param name="Note">Why, in the operator's words; null where none were given.</param>
sealed record OperatorAsk(bool Replay, string By, string RequestId, string? Note)
{
    public string Action => Replay ? "replay" : "discard";
}

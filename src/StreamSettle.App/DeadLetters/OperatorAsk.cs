using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Operators;

namespace StreamSettle.App.DeadLetters;

/// <summary>What an operator asks of a dead letter, and what that is for the task that has what the letter is about.</summary>
/// <param name="Action">As the API and people name it.</param>
/// <param name="By">The name of the API key.</param>
/// <param name="RequestId">Unique.</param>
/// <param name="Note">Why, in the operator's words; null where none were given.</param>
abstract record OperatorAsk(string Action, string By, string RequestId, string? Note)
{
    public const string ReplayAction = "replay";

    public const string DiscardAction = "discard";

    /// <summary>Asks for it where a call, a calculation or a refund waits under the key.</summary>
    /// <param name="neverCalculated">The event log proves that the letter's order was never calculated.</param>
    public abstract OperatorRequest Of(CallKey key, bool neverCalculated);

    /// <summary>Asks for it where a change of an order could not be read.</summary>
    public abstract OperatorRequest Of(IntakeRecord record);

    /// <summary>Try it again.</summary>
    public sealed record Replay(string By, string RequestId, string? Note) : OperatorAsk(ReplayAction, By, RequestId, Note)
    {
        public override OperatorRequest Of(CallKey key, bool neverCalculated) => new OperatorRequest.Replay(key, neverCalculated, By, RequestId, Note);

        public override OperatorRequest Of(IntakeRecord record) => new OperatorRequest.Reread(record, By, RequestId);
    }

    /// <summary>Give it up.</summary>
    public sealed record Discard(string By, string RequestId, string? Note) : OperatorAsk(DiscardAction, By, RequestId, Note)
    {
        public override OperatorRequest Of(CallKey key, bool neverCalculated) => new OperatorRequest.Discard(key, Note, By, RequestId);

        public override OperatorRequest Of(IntakeRecord record) => new OperatorRequest.PassOver(record, By, RequestId);
    }
}

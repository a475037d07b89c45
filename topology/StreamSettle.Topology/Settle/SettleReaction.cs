using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>What facts make settle do outside: a closed family, derived by <see cref="SettleReactions"/>.</summary>
abstract record SettleReaction;

/// <summary>The call may go: its body is made and given to delivery.</summary>
sealed record SendCall(Leg Leg, int N) : SettleReaction;

/// <summary>A calculation waits for a person.</summary>
/// <param name="N">0 for the settlement's, else the number that the reversal would have had.</param>
sealed record OpenDeadLetter(int N, string Reason) : SettleReaction;

/// <summary>A calculation does not wait for a person any more.</summary>
sealed record CloseDeadLetter(int N) : SettleReaction;

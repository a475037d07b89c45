namespace StreamSettle.Topology.Pending;

/// <summary>What facts about an order make clock and settle do outside: a closed family, derived from the facts. <c>SendCall</c> is settle's own.</summary>
abstract record OrderReaction;

/// <summary>A calculation waits for a person.</summary>
/// <param name="N">0 for the settlement's, else the number that the reversal would have had.</param>
sealed record OpenDeadLetter(int N, string Reason) : OrderReaction;

/// <summary>A calculation does not wait for a person any more.</summary>
sealed record CloseDeadLetter(int N) : OrderReaction;

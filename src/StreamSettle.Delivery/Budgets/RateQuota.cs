namespace StreamSettle.Delivery.Budgets;

/// <summary>What a system says is left of one of its quotas.</summary>
/// <param name="Name">Which of them, the same from answer to answer.</param>
/// <param name="Remaining">Requests left, as the system counts.</param>
/// <param name="Reset">How long until it is full again; null where the answer does not say, or not so that it can be read.</param>
/// <param name="IsSure">Both could be read as the specifications have it; else it may only tighten what is known.</param>
internal readonly record struct RateQuota(string Name, long Remaining, TimeSpan? Reset, bool IsSure);

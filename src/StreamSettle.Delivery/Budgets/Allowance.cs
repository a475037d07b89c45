using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>Requests left of one of a system's quotas.</summary>
/// <param name="Name">As <see cref="RateQuota.Name"/>.</param>
/// <param name="Left">Below zero where more are under way than were left.</param>
/// <param name="Until">When it is full again: it binds no longer.</param>
internal readonly record struct Allowance(string Name, long Left, MonotonicInstant Until);

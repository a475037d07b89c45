namespace StreamSettle.Delivery.Budgets;

/// <summary>A limit of requests per window; without a window the configured one counts.</summary>
internal readonly record struct RateRule(long Limit, TimeSpan? Window);

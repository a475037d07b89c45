namespace StreamSettle.Delivery.Breakers;

/// <summary>What a request's answers say of the system.</summary>
/// <param name="Count">Outcomes that say something of it: not 401, 425 and 429.</param>
/// <param name="Errors">Of them its own errors.</param>
/// <param name="Error">What the first of these says; null for none.</param>
internal readonly record struct SystemOutcomes(int Count, int Errors, string? Error);

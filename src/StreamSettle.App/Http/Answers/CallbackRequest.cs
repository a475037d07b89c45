namespace StreamSettle.App.Http.Answers;

/// <summary>A callback as systems send it: for the description of the API. What comes is read from the bytes that were signed.</summary>
/// <param name="Key">The Idempotency-Key of the call.</param>
/// <param name="State"><c>RETURNED</c>.</param>
/// <param name="At">ISO 8601 with Z or offset.</param>
sealed record CallbackRequest(string Key, string State, string Reason, string At);

using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>What a system says to one call.</summary>
/// <param name="Status">0: nothing is said, the caller is left alone.</param>
/// <param name="Body">JSON, or anything else when it is garbage; empty: none.</param>
/// <param name="Fault">How the answer is to be spoilt on its way, if at all.</param>
/// <param name="RetryAfter">Null: no such header.</param>
internal readonly record struct CallAnswer(int Status, byte[] Body, FaultKind Fault = FaultKind.None, string? RetryAfter = null);

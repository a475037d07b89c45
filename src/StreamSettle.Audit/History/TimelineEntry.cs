using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.History;

/// <summary>One event, told.</summary>
/// <param name="When">When the fact was established; for an event that this program does not know, when it was stored.</param>
/// <param name="What">In two or three words: <c>delivery confirmed</c>.</param>
/// <param name="Details">What a reader wants to know of it; may be empty.</param>
/// <param name="Cause">Why it happened: source position, <c>&lt;key&gt;#&lt;attempt&gt;</c>, or <c>&lt;who&gt;@&lt;request id&gt;</c>.</param>
public sealed record TimelineEntry(long Version, string When, string What, string Details, string Cause, UtcInstant StoredAt);

namespace StreamSettle.Topology.Clock;

/// <summary>Why nothing fires.</summary>
/// <param name="Kind">Stays the same while the text counts on.</param>
/// <param name="Text">For people.</param>
public sealed record ClosedReason(ClosedBy Kind, string Text);

using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>How far a notary is.</summary>
/// <param name="Open">Notarisations that it was not seen to give yet.</param>
/// <param name="Since">When the oldest of them was decided on; null where there is none.</param>
/// <param name="Last">The last that it gave; null before the first.</param>
/// <param name="LastAt">When it was kept.</param>
public sealed record NotaryStanding(long Open, UtcInstant? Since, long? Last, UtcInstant? LastAt);

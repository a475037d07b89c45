using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries;

/// <summary>A step of a notary's, as it is kept.</summary>
/// <param name="Number">From 1 on for each notarisation and notary.</param>
/// <param name="Evidence">In the notary's own form.</param>
public sealed record NotaryStep(int Number, NotaryStepKind Kind, UtcInstant At, string Evidence);

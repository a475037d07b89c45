namespace StreamSettle.Audit.Marten.Keys;

/// <summary>How many keys of personal data there are.</summary>
/// <param name="Keys">Merchants' keys that are there.</param>
/// <param name="Shredded">Those that are destroyed.</param>
/// <param name="Shreddings">Recorded requests by which keys were destroyed.</param>
/// <param name="Unrecorded">Merchants of whom more keys are destroyed than shreddings say.</param>
public sealed record KeyCounts(long Keys, long Shredded, long Shreddings, long Unrecorded);

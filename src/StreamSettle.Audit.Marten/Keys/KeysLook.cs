namespace StreamSettle.Audit.Marten.Keys;

/// <summary>How the personal data of an event log stand.</summary>
/// <param name="MasterKeys">By name; those that wrap nothing are not there.</param>
/// <param name="Shredded">Merchants' keys that are destroyed.</param>
/// <param name="Unrecorded">Of those, keys of merchants for which no shredding is recorded: somebody destroyed them in the database.</param>
/// <param name="Shreddings">In their order.</param>
public sealed record KeysLook(IReadOnlyList<MasterKeyUse> MasterKeys, long Shredded, IReadOnlyList<string> Unrecorded, IReadOnlyList<Shredding> Shreddings);

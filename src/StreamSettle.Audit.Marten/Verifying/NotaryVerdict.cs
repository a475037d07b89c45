using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>What one notary's evidence is worth.</summary>
/// <param name="Sound">Notarisations that it has testified to, as was checked.</param>
/// <param name="By">Who it is, in its own name; null where nothing was sound.</param>
/// <param name="LastAt">The time that it gave to the last of them.</param>
/// <param name="NotChecked">Those of which it could not be told here.</param>
/// <param name="Remedy">What was missing for it.</param>
/// <param name="Waiting">Those that it has not testified to yet.</param>
public sealed record NotaryVerdict(string Notary, long Sound, string? By, UtcInstant? LastAt, long NotChecked, string? Remedy, long Waiting)
{
    /// <summary>Who was to be asked about the ones that were not checked does not answer now; else something is to be given.</summary>
    public bool IsAway { get; init; }
}

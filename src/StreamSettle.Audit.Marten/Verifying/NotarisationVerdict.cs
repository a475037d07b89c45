using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>What became of verifying notarisations.</summary>
/// <param name="Unread">Why nothing of them was read; null where they were. Not a break: nothing is claimed.</param>
/// <param name="Planned">What was given to notaries.</param>
/// <param name="SealsBehind">Seals behind the last that was given to them.</param>
/// <param name="Breaks">What is not as it was notarised; the first of them.</param>
public sealed record NotarisationVerdict(string? Unread, long Planned, long SealsBehind, IReadOnlyList<NotaryVerdict> Notaries, IReadOnlyList<Break> Breaks)
{
    /// <summary>Most breaks that are told.</summary>
    public const int MostBreaks = 100;
}

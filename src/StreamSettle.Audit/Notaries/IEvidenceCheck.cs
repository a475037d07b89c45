using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Notaries;

/// <summary>Checks what notaries gave, by what whoever asks trusts.</summary>
public interface IEvidenceCheck
{
    /// <param name="notary">Its name.</param>
    /// <param name="evidence">Of the step <see cref="NotaryStepKind.Notarised"/>.</param>
    Task<EvidenceVerdict> CheckAsync(string notary, TreeHash digest, string evidence, CancellationToken stop);
}

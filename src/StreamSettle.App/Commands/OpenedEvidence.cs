using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Notaries.TimeStamps;

namespace StreamSettle.App.Commands;

/// <summary>What notaries' evidence is checked by, while a command runs.</summary>
sealed class OpenedEvidence(TrustRoots? roots, EthereumNode? node) : IDisposable
{
    public IEvidenceCheck Check { get; } = new EvidenceCheck(roots, node);

    public void Dispose()
    {
        roots?.Dispose();
        node?.Dispose();
    }
}

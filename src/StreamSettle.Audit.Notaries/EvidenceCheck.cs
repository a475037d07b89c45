using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Notaries.TimeStamps;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries;

/// <summary>Checks notaries' evidence: time stamps by themselves and trusted roots, transactions by asking a node of one's own choice.</summary>
/// <param name="roots">Null where no authority is trusted: then no time stamp is taken as good.</param>
/// <param name="node">Null where no node is asked.</param>
public sealed class EvidenceCheck(TrustRoots? roots, EthereumNode? node) : IEvidenceCheck
{
    string? nodeIsAway;

    /// <inheritdoc/>
    public async Task<EvidenceVerdict> CheckAsync(string notary, TreeHash digest, string evidence, CancellationToken stop) => notary switch
    {
        NotaryNames.TimeStamp => TimeStamp(digest, evidence),
        NotaryNames.Ethereum => await AskAsync(digest, evidence, stop),
        _ => new EvidenceVerdict.NotChecked($"the notary '{notary}' is none that this release knows"),
    };

    EvidenceVerdict TimeStamp(TreeHash digest, string evidence)
    {
        var bytes = new byte[evidence.Length];
        if (!Convert.TryFromBase64String(evidence, bytes, out var length) || TimeStampToken.Read(bytes.AsMemory(0, length)) is not { } token)
        {
            return new EvidenceVerdict.Broken("what is kept as its time stamp is no token of RFC 3161 whose signature holds");
        }

        return token.Problem(digest, roots, out var by) is { } problem ? new EvidenceVerdict.Broken(problem)
            : roots is null ? new EvidenceVerdict.NotChecked("give --trust-roots FILE, the certificates by which the time-stamp authority is trusted")
            : new EvidenceVerdict.Sound(token.At, by);
    }

    /// <summary>A node that is away is not asked again: what it would have said is not known of any of them.</summary>
    async Task<EvidenceVerdict> AskAsync(TreeHash digest, string evidence, CancellationToken stop)
    {
        try
        {
            return nodeIsAway is { } away ? new EvidenceVerdict.NotChecked(away, IsAway: true) : await TransactionAsync(digest, evidence, stop);
        }
        catch (EnvironmentFailedException failure)
        {
            return new EvidenceVerdict.NotChecked(nodeIsAway = failure.Message, IsAway: true);
        }
    }

    async Task<EvidenceVerdict> TransactionAsync(TreeHash digest, string evidence, CancellationToken stop)
    {
        if (EthereumEvidence.Read(evidence) is not { Transaction: { } hash, Block: { } number, BlockHash: { } blockHash } kept)
        {
            return new EvidenceVerdict.Broken("what is kept of its transaction is not as it was written");
        }

        if (node is null)
        {
            return new EvidenceVerdict.NotChecked($"give --node URL, a node of chain {kept.ChainId}");
        }

        if (await node.ChainIdAsync(stop) is var chain && chain != kept.ChainId)
        {
            return new EvidenceVerdict.NotChecked($"give --node URL, a node of chain {kept.ChainId}: that at hand is of chain {chain}");
        }

        if (await node.TransactionAsync(hash, stop) is not { } one || await node.ReceiptAsync(hash, stop) is not { } receipt || await node.BlockAsync(receipt.Block, stop) is not { } block)
        {
            return new EvidenceVerdict.Broken($"transaction {hash} is not in chain {chain}");
        }

        return one.Input != $"0x{digest}" ? new EvidenceVerdict.Broken($"transaction {hash} carries {one.Input}, and not {digest}")
            : !receipt.Succeeded ? new EvidenceVerdict.Broken($"transaction {hash} was refused by the chain")
            : receipt.Block != number || block.Hash != blockHash ? new EvidenceVerdict.Broken($"transaction {hash} is in block {receipt.Block} ({block.Hash}), and not in block {number} ({blockHash}) as is kept")
            : one.From != kept.Account ? new EvidenceVerdict.Broken($"transaction {hash} is of {one.From}, and not of {kept.Account} as is kept")
            : new EvidenceVerdict.Sound(UtcInstant.From(DateTimeOffset.FromUnixTimeSeconds(block.Seconds)), $"chain {chain}");
    }
}

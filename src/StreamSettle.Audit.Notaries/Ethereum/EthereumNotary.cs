using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries.Ethereum;

/// <summary>
/// Writes digests into a chain: a transaction of the account to itself, without value, that carries the digest and nothing else. The transaction's number (nonce) is kept before it is sent, and of those with one number at most one
/// comes into the chain: whatever crashes, it is looked for, and sent again under its number alone. Another number is taken only when the chain has given that one to something else.
/// </summary>
public sealed class EthereumNotary(EthereumOptions options, TimeProvider time) : INotary
{
    /// <summary>How many blocks are looked through for a transaction whose hash is not known: a day and a half of the main chain.</summary>
    const int MostBlocks = 10_000;

    static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    readonly EthereumNode node = new(options.Url, options.Authorization, options.Timeout);

    public string Name => NotaryNames.Ethereum;

    public async Task<NotaryMove> NextAsync(TreeHash digest, IReadOnlyList<NotaryStep> steps, CancellationToken stop) => steps.LastOrDefault() switch
    {
        null => await BeginAsync(stop),
        { Kind: NotaryStepKind.Failed } failed => IsTooSoon(steps, failed) ? new NotaryMove.HoldBack($"a transaction was refused at {failed.At}: {failed.Evidence}") : await BeginAsync(stop),
        { Kind: NotaryStepKind.Sending } step => await ResolveAsync(digest, Read(step), stop),
        { Kind: NotaryStepKind.Sent } step => await ConfirmAsync(digest, Read(step), stop),
        var other => throw new BrokenInvariantException($"a notarisation in the step {other.Kind} was given to the notary again"),
    };

    public async Task<string> LookAsync(CancellationToken stop)
    {
        await RequireChainAsync(stop);
        return (await node.AccountsAsync(stop)).Contains(options.From)
            ? $"chain {options.ChainId} at block {await node.NewestBlockAsync(stop)}, account {options.Account}"
            : throw new UserMistakeException($"{node.Shown} does not hold the key of {options.Account} (eth_accounts): nothing could be sent. Unlock it there, name a signer in Audit:Notary:Ethereum:Url, or correct Audit:Notary:Ethereum:Account.");
    }

    public void Dispose() => node.Dispose();

    async Task<NotaryMove> BeginAsync(CancellationToken stop)
    {
        await RequireChainAsync(stop);
        return Sending(await node.TransactionsAsync(options.From, "pending", stop), await node.NewestBlockAsync(stop));
    }

    NotaryMove.Step Sending(long nonce, long newest) =>
        new(NotaryStepKind.Sending, new EthereumEvidence { ChainId = options.ChainId, Account = options.From, Nonce = nonce, After = newest }.ToString());

    /// <summary>It was to be sent, and whether it was is not known, or it is not where it was.</summary>
    async Task<NotaryMove> ResolveAsync(TreeHash digest, EthereumEvidence sending, CancellationToken stop)
    {
        if (sending.Account != options.From || sending.ChainId != options.ChainId)
        {
            // What was begun by another configuration is not gone on with: its numbers mean nothing here.
            return await BeginAsync(stop);
        }

        await RequireChainAsync(stop);
        if (await node.TransactionsAsync(options.From, "latest", stop) > sending.Nonce)
        {
            return Found(digest, sending, await FindAsync(sending, stop)) ?? await BeginAsync(stop);
        }

        if (await node.TransactionsAsync(options.From, "pending", stop) > sending.Nonce)
        {
            var waiting = (await node.TransactionsInAsync(null, stop)).FirstOrDefault(one => IsOf(one, sending));
            return Found(digest, sending, waiting) ?? (waiting is null
                ? new NotaryMove.Wait($"transaction {sending.Nonce} of {options.Account} waits in the node, which does not show it")
                : await BeginAsync(stop));
        }

        var hash = await node.SendAsync(options.From, options.Receiver, sending.Nonce, Input(digest), stop);
        return new NotaryMove.Step(NotaryStepKind.Sent, (sending with { Transaction = hash }).ToString());
    }

    static NotaryMove.Step? Found(TreeHash digest, EthereumEvidence sending, EthereumTransaction? found) =>
        found?.Input == Input(digest) ? new(NotaryStepKind.Sent, (sending with { Transaction = found.Hash }).ToString()) : null;

    /// <summary>The transaction of that number, wherever in the chain it is; null where it is in none of the blocks that are looked through.</summary>
    async Task<EthereumTransaction?> FindAsync(EthereumEvidence sending, CancellationToken stop)
    {
        var newest = await node.NewestBlockAsync(stop);

        // A reorganisation may have put it below what was the newest block then.
        for (var block = Math.Max(0, sending.After - options.Confirmations); block <= Math.Min(newest, sending.After + MostBlocks); block++)
        {
            if ((await node.TransactionsInAsync(block, stop)).FirstOrDefault(one => IsOf(one, sending)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    async Task<NotaryMove> ConfirmAsync(TreeHash digest, EthereumEvidence sent, CancellationToken stop)
    {
        var hash = sent.Transaction!;
        if (await node.ReceiptAsync(hash, stop) is not { } receipt)
        {
            return await node.TransactionAsync(hash, stop) is not null
                ? new NotaryMove.Wait($"transaction {hash} waits for a block")
                : await ResolveAsync(digest, sent with { Transaction = null }, stop);
        }

        var block = await node.BlockAsync(receipt.Block, stop);
        var confirmations = await node.NewestBlockAsync(stop) - receipt.Block + 1;
        if (block?.Hash != receipt.BlockHash || confirmations < options.Confirmations)
        {
            return new NotaryMove.Wait($"transaction {hash} has {Math.Max(0, confirmations)} of {options.Confirmations} confirmations");
        }

        await RequireChainAsync(stop);
        return receipt.Succeeded
            ? new NotaryMove.Step(NotaryStepKind.Notarised, (sent with { Block = receipt.Block, BlockHash = receipt.BlockHash }).ToString())
            : new NotaryMove.Step(NotaryStepKind.Failed, $"transaction {hash} is in block {receipt.Block} with status 0: the receiver {options.Receiver} refused it");
    }

    async Task RequireChainAsync(CancellationToken stop)
    {
        if (await node.ChainIdAsync(stop) is var id && id != options.ChainId)
        {
            throw new UserMistakeException($"{node.Shown} is on chain {id}, but Audit:Notary:Ethereum:ChainId is {options.ChainId}: nothing is sent. Correct the one or the other.");
        }
    }

    /// <summary>What is refused is paid for each time: pauses grow with each failure, over restarts too.</summary>
    bool IsTooSoon(IReadOnlyList<NotaryStep> steps, NotaryStep failed)
    {
        var failures = steps.Count(step => step.Kind == NotaryStepKind.Failed);
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return UtcInstant.Now(time) - failed.At < (pause < LongestPause ? pause : LongestPause);
    }

    static bool IsOf(EthereumTransaction one, EthereumEvidence sending) => one.From == sending.Account && one.Nonce == sending.Nonce;

    static EthereumEvidence Read(NotaryStep step) => EthereumEvidence.Read(step.Evidence) is { } read && (step.Kind == NotaryStepKind.Sending || read.Transaction is not null)
        ? read : throw new CorruptStateException($"a step of the notary {NotaryNames.Ethereum} is not as it was written: '{step.Evidence}'");

    static string Input(TreeHash digest) => $"0x{digest}";
}

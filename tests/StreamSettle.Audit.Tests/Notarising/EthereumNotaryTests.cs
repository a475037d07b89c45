using Microsoft.Extensions.Time.Testing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Tests.Notaries;
using Xunit;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>Transactions of a real development node.</summary>
public sealed class EthereumNotaryTests : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TreeHash Digest = TreeHash.Leaf([1]);

    readonly FakeTimeProvider time = new();
    readonly List<NotaryStep> steps = [];
    EthereumDevNode node = null!;
    EthereumNotary notary = null!;

    public async ValueTask InitializeAsync()
    {
        node = await EthereumDevNode.StartAsync();
        notary = NewNotary();
    }

    public async ValueTask DisposeAsync()
    {
        notary?.Dispose();
        if (node is not null)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_transaction_counts_after_its_confirmations_and_is_checked_by_any_node_of_the_chain()
    {
        await StepAsync(NotaryStepKind.Sending);
        Assert.Empty(await node.InputsAsync());
        await StepAsync(NotaryStepKind.Sent);
        Assert.Contains("1 of 3 confirmations", await WaitAsync(), StringComparison.Ordinal);
        await node.MineAsync(2);
        var given = await StepAsync(NotaryStepKind.Notarised);

        Assert.Equal([$"0x{Digest}"], await node.InputsAsync());
        using var other = new EthereumNode(node.Url, null, TimeSpan.FromSeconds(10));
        var check = new EvidenceCheck(null, other);
        Assert.Equal("chain 31337", Assert.IsType<EvidenceVerdict.Sound>(await check.CheckAsync(notary.Name, Digest, given, Never)).By);
        Assert.Contains("carries 0x", Assert.IsType<EvidenceVerdict.Broken>(await check.CheckAsync(notary.Name, TreeHash.Leaf([2]), given, Never)).Problem, StringComparison.Ordinal);
        Assert.Contains("and not in block 7", Assert.IsType<EvidenceVerdict.Broken>(await check.CheckAsync(notary.Name, Digest, given.Replace("\"block\":1", "\"block\":7", StringComparison.Ordinal), Never)).Problem, StringComparison.Ordinal);
        Assert.Contains("--node URL", Assert.IsType<EvidenceVerdict.NotChecked>(await new EvidenceCheck(null, null).CheckAsync(notary.Name, Digest, given, Never)).Remedy, StringComparison.Ordinal);
        Assert.Contains("is of chain 31337", Assert.IsType<EvidenceVerdict.NotChecked>(await check.CheckAsync(notary.Name, Digest, given.Replace("31337", "1", StringComparison.Ordinal), Never)).Remedy, StringComparison.Ordinal);

        // A chain that has begun anew has lost it.
        await node.CallAsync("hardhat_reset");
        Assert.Contains("is not in chain", Assert.IsType<EvidenceVerdict.Broken>(await check.CheckAsync(notary.Name, Digest, given, Never)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_sent_and_not_kept_is_found_again_in_the_chain_and_in_the_pool(bool isMined)
    {
        await node.AutomineAsync(isMined);
        await StepAsync(NotaryStepKind.Sending);
        await notary.NextAsync(Digest, steps, Never);
        await node.MineAsync(isMined ? 5 : 0);

        // What the first one answered was lost with its process.
        using var next = NewNotary();
        await StepAsync(NotaryStepKind.Sent, next);
        await node.MineAsync(3);
        await StepAsync(NotaryStepKind.Notarised, next);

        Assert.Equal([$"0x{Digest}"], await node.InputsAsync());
    }

    [Fact]
    public async Task A_reorganisation_that_drops_it_has_it_sent_again_under_its_number()
    {
        var before = (await node.CallAsync("evm_snapshot"))!.GetValue<string>();
        await StepAsync(NotaryStepKind.Sending);
        await StepAsync(NotaryStepKind.Sent);
        await node.MineAsync(1);
        Assert.Contains("2 of 3", await WaitAsync(), StringComparison.Ordinal);

        await node.CallAsync("evm_revert", before);
        await node.MineAsync(3);
        await StepAsync(NotaryStepKind.Sent);
        Assert.Contains("1 of 3", await WaitAsync(), StringComparison.Ordinal);
        await node.MineAsync(2);
        var given = await StepAsync(NotaryStepKind.Notarised);

        Assert.Equal([$"0x{Digest}"], await node.InputsAsync());
        Assert.Equal(0, EthereumEvidence.Read(given)!.Nonce);
    }

    [Fact]
    public async Task What_the_pool_has_dropped_is_sent_again_and_a_number_that_another_took_is_given_up()
    {
        await node.AutomineAsync(false);
        await StepAsync(NotaryStepKind.Sending);
        var sent = EthereumEvidence.Read(await StepAsync(NotaryStepKind.Sent))!;
        Assert.Contains("waits for a block", await WaitAsync(), StringComparison.Ordinal);

        await node.CallAsync("hardhat_dropTransaction", sent.Transaction);
        await StepAsync(NotaryStepKind.Sent);

        // Somebody else uses the account.
        await node.CallAsync("hardhat_dropTransaction", sent.Transaction);
        await node.AutomineAsync(true);
        await node.CallAsync("eth_sendTransaction", new System.Text.Json.Nodes.JsonObject { ["from"] = node.Accounts[0], ["to"] = node.Accounts[1], ["value"] = "0x1" });
        Assert.Equal(1, EthereumEvidence.Read(await StepAsync(NotaryStepKind.Sending))!.Nonce);
        await StepAsync(NotaryStepKind.Sent);
        await node.MineAsync(2);
        await StepAsync(NotaryStepKind.Notarised);

        Assert.Equal(["0x", $"0x{Digest}"], await node.InputsAsync());
    }

    [Fact]
    public async Task Another_chain_and_an_account_that_the_node_does_not_hold_are_refused_before_anything_is_sent()
    {
        using var elsewhere = NewNotary(options => options with { ChainId = 1 });
        Assert.Contains("is on chain 31337, but Audit:Notary:Ethereum:ChainId is 1", (await Assert.ThrowsAsync<UserMistakeException>(() => elsewhere.NextAsync(Digest, [], Never))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UserMistakeException>(() => elsewhere.LookAsync(Never));
        using var stranger = NewNotary(options => options with { Account = "0x0000000000000000000000000000000000000001" });
        Assert.Contains("does not hold the key", (await Assert.ThrowsAsync<UserMistakeException>(() => stranger.LookAsync(Never))).Message, StringComparison.Ordinal);
        await StepAsync(NotaryStepKind.Sending, stranger);
        Assert.Contains("refuses eth_sendTransaction", (await Assert.ThrowsAsync<EnvironmentFailedException>(() => stranger.NextAsync(Digest, steps, Never))).Message, StringComparison.Ordinal);

        Assert.StartsWith("chain 31337 at block 0", await notary.LookAsync(Never), StringComparison.Ordinal);
        Assert.Empty(await node.InputsAsync());
        await node.KillAsync();
        Assert.Contains("is not reached", (await Assert.ThrowsAsync<EnvironmentFailedException>(() => notary.LookAsync(Never))).Message, StringComparison.Ordinal);
    }

    /// <summary>The receiver is a contract whose code reverts whatever it is sent.</summary>
    [Fact]
    public async Task A_transaction_with_a_failed_status_is_not_counted_and_the_next_waits_longer_each_time()
    {
        const string receiver = "0x00000000000000000000000000000000000000ff";
        await node.CallAsync("hardhat_setCode", receiver, "0x60006000fd");
        await node.CallAsync("hardhat_setLoggingEnabled", false);
        using var refused = NewNotary(options => options with { To = receiver });
        var pauses = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            await node.AutomineAsync(false);
            await StepAsync(NotaryStepKind.Sending, refused);
            await StepAsync(NotaryStepKind.Sent, refused);
            await node.MineAsync(3);
            Assert.Contains("with status 0", await StepAsync(NotaryStepKind.Failed, refused), StringComparison.Ordinal);
            var failed = time.GetUtcNow();
            while (await refused.NextAsync(Digest, steps, Never) is NotaryMove.HoldBack)
            {
                time.Advance(TimeSpan.FromSeconds(30));
            }

            pauses.Add((time.GetUtcNow() - failed).TotalMinutes);
        }

        Assert.Equal([1, 2, 4], pauses);
    }

    EthereumNotary NewNotary(Func<EthereumOptions, EthereumOptions>? alter = null)
    {
        var options = new EthereumOptions { Url = node.Url, Account = node.Accounts[0], ChainId = EthereumDevNode.ChainId, Confirmations = 3 };
        return new(alter?.Invoke(options) ?? options, time);
    }

    /// <returns>Its evidence.</returns>
    async Task<string> StepAsync(NotaryStepKind kind, EthereumNotary? by = null)
    {
        var step = Assert.IsType<NotaryMove.Step>(await (by ?? notary).NextAsync(Digest, steps, Never));
        Assert.Equal(kind, step.Kind);
        steps.Add(new(steps.Count + 1, step.Kind, UtcInstant.Now(time), step.Evidence));
        return step.Evidence;
    }

    async Task<string> WaitAsync() => Assert.IsType<NotaryMove.Wait>(await notary.NextAsync(Digest, steps, Never)).Reason;
}

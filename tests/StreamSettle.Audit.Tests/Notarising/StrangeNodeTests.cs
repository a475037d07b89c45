using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>Whatever a node answers, it is a failure of the node, and never one that ends the service.</summary>
public sealed class StrangeNodeTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"result":[]}""")]
    [InlineData("""{"result":{"hash":7,"transactions":[null],"blockNumber":{}}}""")]
    [InlineData("""{"result":"0xffffffffffffffffffff"}""")]
    [InlineData("""{"result":-1}""")]
    [InlineData("""{"error":"no"}""")]
    [InlineData("""{"error":{"code":-32000,"message":"header not found"}}""")]
    public async Task An_answer_that_is_none_is_told_and_tried_again(string body)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}/secret-key");
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{url.Port}/");
        listener.Start();
        var serving = ServeAsync(listener, body);
        using var notary = new EthereumNotary(new() { Url = url, Account = "0x00000000000000000000000000000000000000ff", ChainId = 1 }, new FakeTimeProvider());
        var kept = new EthereumEvidence { ChainId = 1, Account = "0x00000000000000000000000000000000000000ff", Nonce = 1, After = 1, Transaction = "0x12", Block = 2, BlockHash = "0x34" };

        foreach (var step in (NotaryStepKind?[])[null, NotaryStepKind.Sending, NotaryStepKind.Sent])
        {
            var failure = await Assert.ThrowsAsync<EnvironmentFailedException>(async () =>
            {
                // Of a receipt that is null nothing is wrong, but then the chain's id is asked.
                await notary.NextAsync(TreeHash.Empty, step is { } kind ? [new(1, kind, new UtcInstant(0), kept.ToString())] : [], Never);
            });
            Assert.Contains($"http://127.0.0.1:{url.Port} ", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-key", failure.Message, StringComparison.Ordinal);
        }

        using var node = new EthereumNode(url, null, TimeSpan.FromSeconds(10));
        Assert.IsType<EvidenceVerdict.NotChecked>(await new EvidenceCheck(null, node).CheckAsync(NotaryNames.Ethereum, TreeHash.Empty, kept.ToString(), Never));
        listener.Close();
        await serving;
    }

    static async Task ServeAsync(HttpListener listener, string body)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var answer = context.Response;
                answer.KeepAlive = false;
                await answer.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            }
        }
        catch (Exception) when (!listener.IsListening)
        {
            // The test is over.
        }
    }
}

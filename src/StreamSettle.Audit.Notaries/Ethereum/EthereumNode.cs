using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Notaries.Ethereum;

/// <summary>A node's JSON-RPC: the few methods that a notary and its checks need. https://ethereum.org/developers/docs/apis/json-rpc</summary>
/// <param name="url">May hold a key: it is never shown as a whole.</param>
public sealed class EthereumNode(Uri url, AuthenticationHeaderValue? authorization, TimeSpan timeout) : IDisposable
{
    /// <summary>A full block of the main chain has one or two.</summary>
    const int MaxAnswerBytes = 64 * 1024 * 1024;

    readonly HttpClient http = NotaryHttp.Create(timeout, authorization, MaxAnswerBytes);

    /// <summary>For messages. Providers put keys into the path.</summary>
    internal string Shown => $"the Ethereum node at {new Uri(ShownUrl.Of(url)).GetLeftPart(UriPartial.Authority)}";

    public void Dispose() => http.Dispose();

    internal Task<long> ChainIdAsync(CancellationToken stop) => CallAsync("eth_chainId", [], Number, stop);

    internal Task<long> NewestBlockAsync(CancellationToken stop) => CallAsync("eth_blockNumber", [], Number, stop);

    /// <summary>Transactions that an account has sent: the number of its next one.</summary>
    /// <param name="block"><c>latest</c>: those in blocks; <c>pending</c>: those that wait, too.</param>
    internal Task<long> TransactionsAsync(string account, string block, CancellationToken stop) => CallAsync("eth_getTransactionCount", [account, block], Number, stop);

    internal Task<string[]> AccountsAsync(CancellationToken stop) => CallAsync("eth_accounts", [], all => List(all).Select(one => Text(one).ToLowerInvariant()).ToArray(), stop);

    /// <summary>Null where the chain, and what waits for it, has none of that name.</summary>
    internal Task<EthereumTransaction?> TransactionAsync(string hash, CancellationToken stop) => CallAsync("eth_getTransactionByHash", [hash], one => one is null ? null : Transaction(one), stop);

    /// <summary>Null while it is in no block.</summary>
    internal Task<EthereumReceipt?> ReceiptAsync(string hash, CancellationToken stop) => CallAsync(
        "eth_getTransactionReceipt", [hash], one => one is null ? null : new EthereumReceipt(Number(one["blockNumber"]), Text(one["blockHash"]), Number(one["status"]) == 1), stop);

    /// <summary>Null where the chain has none at that height.</summary>
    internal Task<EthereumBlock?> BlockAsync(long number, CancellationToken stop) => CallAsync(
        "eth_getBlockByNumber", [Hex(number), false], one => one is null ? null : new EthereumBlock(Text(one["hash"]), Math.Min(Number(one["timestamp"]), DateTimeOffset.MaxValue.ToUnixTimeSeconds())), stop);

    /// <summary>The transactions of a block, or of the one that would be next.</summary>
    /// <param name="block">Null for what waits.</param>
    internal Task<EthereumTransaction[]> TransactionsInAsync(long? block, CancellationToken stop) => CallAsync(
        "eth_getBlockByNumber", [block is { } number ? Hex(number) : "pending", true], one => one is null ? [] : List(one["transactions"]).Select(Transaction).ToArray(), stop);

    /// <summary>Sends a transaction without value.</summary>
    /// <returns>Its hash.</returns>
    internal Task<string> SendAsync(string from, string to, long nonce, string data, CancellationToken stop) => CallAsync(
        "eth_sendTransaction", [new JsonObject { ["from"] = from, ["to"] = to, ["value"] = "0x0", ["nonce"] = Hex(nonce), ["data"] = data }], Text, stop);

    /// <summary>What the node refuses is for somebody to mend, or passes by itself: the message says which, and whoever asked tries again.</summary>
    async Task<T> CallAsync<T>(string method, JsonArray parameters, Func<JsonNode?, T> read, CancellationToken stop)
    {
        var question = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        try
        {
            using var content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(url, content, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            var said = (answer.IsSuccessStatusCode || text.StartsWith('{') ? JsonNode.Parse(text) : null) as JsonObject;
            return said?["error"] is { } error ? throw new EnvironmentFailedException($"{Shown} refuses {method}: {(error is JsonObject whole ? $"{whole["message"]} ({whole["code"]})" : error.ToJsonString())}")
                : said is null || !answer.IsSuccessStatusCode ? throw new EnvironmentFailedException($"{Shown} answers {method} with {(int)answer.StatusCode}")
                : read(said["result"]);
        }
        catch (Exception failure) when (NotaryHttp.IsAway(failure, stop))
        {
            throw new EnvironmentFailedException($"{Shown} is not reached: {NotaryHttp.Told(failure)}", failure);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is what a node of another kind of JSON throws when it is read.
            throw new EnvironmentFailedException($"{Shown} does not answer {method} as it should: {failure.Message}", failure);
        }
    }

    JsonArray List(JsonNode? node) => node as JsonArray ?? throw new EnvironmentFailedException($"{Shown} answers with something else where a list is due");

    EthereumTransaction Transaction(JsonNode? one) => one is null ? throw new EnvironmentFailedException($"{Shown} answers with nothing where a transaction is due") : new(
        Text(one["hash"]), Text(one["from"]).ToLowerInvariant(), Number(one["nonce"]), Text(one["input"]).ToLowerInvariant(), one["blockNumber"] is { } block ? Number(block) : null);

    /// <summary>A quantity: 0x and hexadecimal digits.</summary>
    long Number(JsonNode? node) => Text(node) is ['0', 'x', .. var digits] && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value >= 0
        ? value : throw new EnvironmentFailedException($"{Shown} answers with '{node}' where a number is due");

    string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new EnvironmentFailedException($"{Shown} answers with '{node}' where a text is due");

    static string Hex(long value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
}

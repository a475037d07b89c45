using System.Globalization;
using System.Net.Http.Headers;

namespace StreamSettle.Audit.Notaries.Ethereum;

/// <summary>An Ethereum chain as notary, by a node or signer that holds the account's key. Configuration section <c>Audit:Notary:Ethereum</c>.</summary>
public sealed record EthereumOptions
{
    /// <summary>Fewest and most of <see cref="Confirmations"/>.</summary>
    public const int MinConfirmations = 1, MaxConfirmations = 10_000;

    const int AddressDigits = 40;

    /// <summary>JSON-RPC over HTTP.</summary>
    public required Uri Url { get; init; }

    /// <summary>Pays and signs; the node knows its key (<c>eth_accounts</c>), we do not. 0x and 40 hexadecimal digits. For this service alone: another user of it would take numbers of transactions away.</summary>
    public required string Account { get; init; }

    /// <summary>The chain's id: on another chain nothing is sent.</summary>
    public required long ChainId { get; init; }

    /// <summary>Receiver of the transactions, which carry no value. Null for the account itself.</summary>
    public string? To { get; init; }

    /// <summary>Blocks from the transaction's own on until it counts. Default 12.</summary>
    public int Confirmations { get; init; } = 12;

    /// <summary>The header <c>Authorization</c>; null for none. Never shown.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>How long an answer may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>As nodes write it.</summary>
    internal string From => Account.ToLowerInvariant();

    internal string Receiver => (To ?? Account).ToLowerInvariant();

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        foreach (var (key, address) in new[] { ("Account", Account), ("To", To ?? Account) }.Where(one => !IsAddress(one.Item2)).Take(1))
        {
            yield return $"{section}:{key} must be an address, 0x and {AddressDigits} hexadecimal digits, but is '{address}'.";
        }

        if (ChainId < 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:ChainId must be the chain's id, such as 1 for Ethereum's main chain, but is {ChainId}.");
        }

        if (Confirmations is < MinConfirmations or > MaxConfirmations)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:Confirmations must be from {MinConfirmations} to {MaxConfirmations}, but is {Confirmations}.");
        }
    }

    static bool IsAddress(string text) => text.Length == AddressDigits + 2 && text.StartsWith("0x", StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigit);
}

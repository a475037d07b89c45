namespace StreamSettle.Audit.Notaries.Ethereum;

/// <param name="From">The account, in lower case.</param>
/// <param name="Nonce">Which of the account's transactions: of those with one number at most one comes into the chain.</param>
/// <param name="Input">What it carries: 0x and hexadecimal digits in lower case.</param>
/// <param name="Block">Null while it waits.</param>
sealed record EthereumTransaction(string Hash, string From, long Nonce, string Input, long? Block);

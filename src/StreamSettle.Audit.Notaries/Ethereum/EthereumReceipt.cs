namespace StreamSettle.Audit.Notaries.Ethereum;

/// <param name="Succeeded">False: it is in the chain, was paid for, and had no effect.</param>
sealed record EthereumReceipt(long Block, string BlockHash, bool Succeeded);

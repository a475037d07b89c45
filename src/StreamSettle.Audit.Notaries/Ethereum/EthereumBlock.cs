namespace StreamSettle.Audit.Notaries.Ethereum;

/// <param name="Seconds">Its time, since the Unix epoch.</param>
sealed record EthereumBlock(string Hash, long Seconds);

namespace StreamSettle.Audit.Notaries;

/// <summary>The notaries that there are, as they are kept and written into statements.</summary>
public static class NotaryNames
{
    /// <summary>An Ethereum chain, by a transaction that carries the digest.</summary>
    public const string Ethereum = "ethereum";

    /// <summary>A time-stamp authority of RFC 3161.</summary>
    public const string TimeStamp = "rfc3161";
}

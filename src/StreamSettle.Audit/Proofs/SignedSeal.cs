using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>A seal with its signature. As a file it is the seal's statement and one more line, <c>signature</c> and 128 hexadecimal digits.</summary>
public sealed record SignedSeal(Seal Seal, ReadOnlyMemory<byte> Signature)
{
    const string Name = "signature ";

    /// <exception cref="UserMistakeException">The text is none.</exception>
    /// <param name="text">What <see cref="ToString"/> writes; line ends of Windows are taken too.</param>
    /// <param name="place">Where it comes from, for the message.</param>
    public static SignedSeal Read(string text, string place)
    {
        var unix = text.ReplaceLineEndings("\n");
        var at = unix.LastIndexOf($"\n{Name}", StringComparison.Ordinal) + 1;
        var hex = unix[at..].TrimEnd('\n')[Math.Min(Name.Length, unix[at..].TrimEnd('\n').Length)..];
        return at > 0 && Seal.Read(unix[..at]) is { } seal && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit)
            ? new(seal, Convert.FromHexString(hex))
            : throw new UserMistakeException($"{place} is no seal: it must be what 'streamsettle audit seal' writes, a text that begins with 'streamsettle seal' and ends with a signature.");
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => $"{Seal}{Name}{Convert.ToHexStringLower(Signature.Span)}\n";
}

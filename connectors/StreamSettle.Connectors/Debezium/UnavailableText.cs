using System.Text;

namespace StreamSettle.Connectors.Debezium;

/// <summary>
/// What stands in a record for a large text that the server did not repeat, because the change did not touch it (TOAST): Debezium's <c>unavailable.value.placeholder</c>.
/// Its default counts whatever is configured: records from before a change of it stay in the topics.
/// </summary>
/// <remarks>Source: Debezium's connector for PostgreSQL, where <c>hex:</c> begins the placeholder's bytes in hexadecimal.</remarks>
internal sealed class UnavailableText(string placeholder)
{
    /// <summary>Debezium's.</summary>
    public const string Default = "__debezium_unavailable_value";

    const string Hex = "hex:";

    /// <summary>One byte of a placeholder in hexadecimal.</summary>
    const int HexDigits = 2;

    readonly byte[] configured = Bytes(placeholder);

    /// <summary><see cref="Default"/> in UTF-8.</summary>
    public static ReadOnlySpan<byte> Debeziums => "__debezium_unavailable_value"u8;

    /// <summary>True for a value that was not sent.</summary>
    public bool Is(ReadOnlySpan<byte> value) => value.SequenceEqual(Debeziums) || value.SequenceEqual(configured);

    /// <summary>The rule that the placeholder breaks; null where it breaks none.</summary>
    public static string? Problem(string placeholder) =>
        string.IsNullOrWhiteSpace(placeholder) ? "must be what the connector has as unavailable.value.placeholder: one that is blank could be a value"
        : placeholder.StartsWith(Hex, StringComparison.Ordinal) && !IsHex(placeholder.AsSpan(Hex.Length)) ? $"must have pairs of hexadecimal digits behind {Hex}"
        : null;

    static bool IsHex(ReadOnlySpan<char> digits) => digits.Length > 0 && digits.Length % HexDigits == 0 && digits.ContainsAnyExcept("0123456789abcdefABCDEF") == false;

    static byte[] Bytes(string placeholder) =>
        placeholder.StartsWith(Hex, StringComparison.Ordinal) ? Convert.FromHexString(placeholder.AsSpan(Hex.Length)) : Encoding.UTF8.GetBytes(placeholder);
}

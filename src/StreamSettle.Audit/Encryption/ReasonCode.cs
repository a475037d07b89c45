namespace StreamSettle.Audit.Encryption;

/// <summary>The part of a reason that our own code wrote: <c>unknown: 503: </c> of <c>unknown: 503: no invoice of Jane Doe</c>. It says nothing of a person.</summary>
internal static class ReasonCode
{
    /// <summary>Longest code that stands alone, such as <c>unknown_merchant</c>.</summary>
    const int LongestCode = 40;

    const int StatusLength = 3;

    /// <summary>Bytes from the beginning that stay readable; all of them where nothing else is there.</summary>
    public static int LengthIn(ReadOnlySpan<byte> reason)
    {
        if (IsCode(reason))
        {
            return reason.Length;
        }

        var at = 0;
        while (Next(reason[at..]) is var length and > 0)
        {
            at += length;
        }

        return at;
    }

    static bool IsCode(ReadOnlySpan<byte> reason) =>
        reason.Length is > 0 and <= LongestCode && reason.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_"u8) < 0;

    static int Next(ReadOnlySpan<byte> rest)
    {
        foreach (var word in Words)
        {
            if (rest.StartsWith(word.Span))
            {
                return word.Length;
            }
        }

        var isStatus = rest.Length >= StatusLength && rest[..StatusLength].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        return !isStatus ? 0 : rest.Length == StatusLength ? StatusLength : rest[StatusLength..].StartsWith(": "u8) ? StatusLength + 2 : 0;
    }

    static readonly ReadOnlyMemory<byte>[] Words = ["unknown: "u8.ToArray(), "held: "u8.ToArray(), "returned: "u8.ToArray()];
}

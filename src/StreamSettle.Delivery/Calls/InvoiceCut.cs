using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Calls;

/// <summary>A body whose last member is its invoice, <c>{...,"invoice":X}</c>, with and without it. Pure: the same bytes at every attempt (I4).</summary>
internal static class InvoiceCut
{
    static ReadOnlySpan<byte> Member => ",\"invoice\":"u8;

    /// <exception cref="BrokenInvariantException">At that place no invoice begins.</exception>
    internal static void Check(ReadOnlySpan<byte> body, int at)
    {
        if (at >= body.Length || !body[at..].StartsWith(Member) || body[^1] != (byte)'}')
        {
            throw new BrokenInvariantException($"a call's invoice is said to begin at byte {at} of {body.Length}, but does not");
        }
    }

    /// <summary><c>{...}</c></summary>
    internal static byte[] Without(ReadOnlySpan<byte> body, int at) => [.. body[..at], (byte)'}'];

    /// <summary><c>{"invoice":X}</c></summary>
    internal static byte[] Alone(ReadOnlySpan<byte> body, int at) => [(byte)'{', .. body[(at + 1)..]];
}

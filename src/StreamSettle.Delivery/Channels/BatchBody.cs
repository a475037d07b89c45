using System.Text;

namespace StreamSettle.Delivery.Channels;

/// <summary>Writes <c>{"items":[{"key":K,"body":{...}}]}</c> around frozen bodies, which go in byte for byte.</summary>
internal static class BatchBody
{
    /// <summary>Bytes of a batch beside its items.</summary>
    internal static int Frame => Opening.Length + Closing.Length;

    /// <summary>Bytes that a call takes in a batch, the comma before it too.</summary>
    internal static long LengthOf(OutboundCall call) => 1L + ItemKey.Length + call.KeyText.Length + ItemBody.Length + call.Body!.Length + ItemEnd.Length;

    internal static byte[] Write(ReadOnlySpan<OutboundCall> calls)
    {
        // One comma less than items.
        long length = Frame - 1;
        foreach (var call in calls)
        {
            length += LengthOf(call);
        }

        var bytes = new byte[length];
        var at = Copy(Opening, bytes, 0);
        for (var i = 0; i < calls.Length; i++)
        {
            at = i == 0 ? at : Copy(","u8, bytes, at);
            at = Copy(ItemKey, bytes, at);

            // Digits, letters, hyphens and colons: nothing that JSON escapes.
            at += Encoding.ASCII.GetBytes(calls[i].KeyText, bytes.AsSpan(at));
            at = Copy(ItemBody, bytes, at);
            at = Copy(calls[i].Body, bytes, at);
            at = Copy(ItemEnd, bytes, at);
        }

        Copy(Closing, bytes, at);
        return bytes;
    }

    static ReadOnlySpan<byte> Opening => "{\"items\":["u8;

    static ReadOnlySpan<byte> ItemKey => "{\"key\":\""u8;

    static ReadOnlySpan<byte> ItemBody => "\",\"body\":"u8;

    static ReadOnlySpan<byte> ItemEnd => "}"u8;

    static ReadOnlySpan<byte> Closing => "]}"u8;

    static int Copy(ReadOnlySpan<byte> source, byte[] destination, int at)
    {
        source.CopyTo(destination.AsSpan(at));
        return at + source.Length;
    }
}

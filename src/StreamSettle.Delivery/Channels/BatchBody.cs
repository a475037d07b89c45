using System.Text;

namespace StreamSettle.Delivery.Channels;

/// <summary>Writes <c>{"items":[{"key":K,"body":{...}}]}</c> around frozen bodies, which go in byte for byte.</summary>
internal static class BatchBody
{
    internal static byte[] Write(ReadOnlySpan<OutboundCall> calls)
    {
        var length = Opening.Length + Closing.Length + calls.Length - 1;
        foreach (var call in calls)
        {
            length += ItemKey.Length + call.KeyText.Length + ItemBody.Length + call.Body!.Length + ItemEnd.Length;
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

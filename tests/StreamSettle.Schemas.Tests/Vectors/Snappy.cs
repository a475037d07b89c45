namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>Unpacks Snappy's raw format: literals and copies of what came before. Only what container files need.</summary>
static class Snappy
{
    const int LongLiteral = 60;

    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var at = 0;
        var output = new List<byte>(Varint(packed, ref at));
        while (at < packed.Length)
        {
            var tag = packed[at++];
            switch (tag & 3)
            {
                case 0:
                    var length = tag >> 2;
                    if (length >= LongLiteral)
                    {
                        var extra = length - LongLiteral + 1;
                        length = LittleEndian(packed.Slice(at, extra));
                        at += extra;
                    }

                    output.AddRange(packed.Slice(at, length + 1));
                    at += length + 1;
                    break;
                case 1:
                    Copy(output, (tag >> 5 << 8) | packed[at++], ((tag >> 2) & 7) + 4);
                    break;
                default:
                    var bytes = (tag & 3) == 2 ? 2 : 4;
                    Copy(output, LittleEndian(packed.Slice(at, bytes)), (tag >> 2) + 1);
                    at += bytes;
                    break;
            }
        }

        return [.. output];
    }

    static void Copy(List<byte> output, int back, int length)
    {
        for (var i = 0; i < length; i++)
        {
            output.Add(output[^back]);
        }
    }

    static int LittleEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    static int Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80)
            {
                return value;
            }
        }
    }
}

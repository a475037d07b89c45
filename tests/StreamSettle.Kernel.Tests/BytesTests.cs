using CsCheck;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class BytesTests
{
    [Fact]
    public void Everything_written_is_read_back() => Gen.Select(Gen.Long, Gen.ULong, Gen.Byte.Array[0, 300], Gen.String, Gen.Bool).Sample((signed, unsigned, bytes, text, flag) =>
    {
        var buffer = new ByteBuffer(1);
        var to = new ByteWriter(buffer);
        to.VarInt64(signed);
        to.VarUInt64(unsigned);
        to.NullableSpan(flag, bytes);
        to.NullableString(flag ? null : "x" + text.Length);
        to.Int128((Int128)signed * 3);
        to.NullableVarInt64(flag ? signed : null);
        var from = new ByteReader(buffer.Written);
        return from.VarInt64() == signed && from.VarUInt64() == unsigned && from.NullableSpan(out var isNull).SequenceEqual(flag ? [] : bytes) && isNull == flag
            && from.NullableString() == (flag ? null : "x" + text.Length) && from.Int128() == (Int128)signed * 3 && from.NullableVarInt64() == (flag ? signed : null) && from.AtEnd;
    });

    [Fact]
    public void A_varint_has_golden_bytes()
    {
        var buffer = new ByteBuffer();
        var to = new ByteWriter(buffer);
        to.VarInt64(-1);
        to.VarInt64(300);
        to.Span("ab"u8);

        Assert.Equal("01D804026162", Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void Bytes_that_end_early_or_never_are_a_corruption_with_a_name()
    {
        Assert.Throws<CorruptStateException>(() => new ByteReader([1, 2]).Int64());
        Assert.Throws<CorruptStateException>(() => new ByteReader([9, 1]).Span().Length);
        Assert.Throws<CorruptStateException>(() => new ByteReader([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]).VarUInt64());
        Assert.Throws<CorruptStateException>(() => new ByteReader([2]).Bool());
    }
}

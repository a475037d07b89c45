using System.Numerics;
using CsCheck;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro.Logical;

namespace StreamSettle.Schemas.Tests.Reading;

public class LogicalTests
{
    [Fact]
    public void A_decimal_is_the_number_that_its_bytes_are_however_many_repeat_the_sign() =>
        Gen.Select(Gen.Byte.Array[1, 20], Gen.Int[0, 6]).Sample((digits, repeated) =>
        {
            var number = new BigInteger(digits, isBigEndian: true);
            var sign = (byte)(number.Sign < 0 ? 0xFF : 0);
            byte[] padded = [.. Enumerable.Repeat(sign, repeated), .. digits];
            var found = UnscaledDecimal.Read(padded, 2);
            var hasTooMany = BigInteger.Abs(number) >= BigInteger.Pow(10, 38);

            Assert.Equal(hasTooMany ? DecimalAmount.NotANumber : new DecimalAmount((Int128)number, 2), found);
        });

    [Fact]
    public void Without_digits_it_is_no_number() => Assert.False(UnscaledDecimal.Read([], 0).IsNumber);

    [Theory]
    [InlineData(15, -2, "1500")]
    [InlineData(15, 0, "15")]
    [InlineData(15, 40, "0.0000000000000000000000000000000000000015")]
    [InlineData(15, -37, "NaN")]
    [InlineData(15, 255, "NaN")]
    public void A_scale_moves_the_point(byte digits, int scale, string expected) => Assert.Equal(expected, UnscaledDecimal.Read([digits], scale).ToString());

    [Theory]
    [InlineData(LogicalKind.TimestampMillis, 1_500, "1970-01-01T00:00:01.5Z")]
    [InlineData(LogicalKind.TimestampMicros, -1, "1969-12-31T23:59:59.999999Z")]
    [InlineData(LogicalKind.TimestampNanos, 1_999, "1970-01-01T00:00:00.000001Z")]
    [InlineData(LogicalKind.TimestampNanos, -1, "1969-12-31T23:59:59.999999Z")]
    [InlineData(LogicalKind.LocalTimestampNanos, -1_000, "1969-12-31T23:59:59.999999Z")]
    [InlineData(LogicalKind.LocalTimestampMillis, 0, "1970-01-01T00:00:00Z")]
    public void A_timestamp_is_that_instant(LogicalKind kind, long units, string expected) => Assert.Equal(UtcInstant.Parse(expected), LogicalValues.Timestamp(kind, units));

    [Fact]
    public void What_no_type_can_hold_is_null()
    {
        Assert.Null(LogicalValues.Timestamp(LogicalKind.TimestampMillis, long.MaxValue));
        Assert.Null(LogicalValues.Date(int.MaxValue));
        Assert.Null(LogicalValues.Date(int.MinValue));
        Assert.Null(LogicalValues.Time(LogicalKind.TimeMicros, TimeSpan.MicrosecondsPerDay));
        Assert.Null(LogicalValues.Time(LogicalKind.TimeMillis, -1));
        Assert.Null(LogicalValues.Uuid("no such thing"u8, isText: true));
    }

    [Fact]
    public void A_uuid_is_the_same_as_text_and_as_bytes_and_a_duration_has_three_parts()
    {
        var id = new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

        Assert.Equal(id, LogicalValues.Uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"u8, isText: true));
        Assert.Equal(id, LogicalValues.Uuid(Convert.FromHexString("6ba7b8109dad11d180b400c04fd430c8"), isText: false));
        Assert.Equal((1u, 2u, 0x01020304u), LogicalValues.Duration(Convert.FromHexString("010000000200000004030201")));
    }

    [Theory]
    [InlineData("""{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""", LogicalKind.Duration)]
    [InlineData("""{"type":"fixed","name":"D","size":16,"logicalType":"uuid"}""", LogicalKind.Uuid)]
    [InlineData("""{"type":"fixed","name":"D","size":15,"logicalType":"uuid"}""", null)]
    [InlineData("""{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":9}""", LogicalKind.Decimal)]
    [InlineData("""{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":10}""", null)]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-nanos"}""", LogicalKind.LocalTimestampNanos)]
    [InlineData("""{"type":"string","logicalType":"date"}""", null)]
    public void An_annotation_counts_where_it_fits(string schema, LogicalKind? expected) => Assert.Equal(expected, AvroSchema.Parse(schema).Logical?.Kind);
}

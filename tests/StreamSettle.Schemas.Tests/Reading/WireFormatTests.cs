using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Reading;

public class WireFormatTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    [InlineData(int.MaxValue)]
    public void A_frame_that_was_written_is_read(int id)
    {
        var record = new ByteBuffer();
        WireFormat.Write(id, record);
        record.Write([7, 8]);

        Assert.Equal(id, WireFormat.Read(record.Written, out var value));
        Assert.Equal(new byte[] { 7, 8 }, value.ToArray());
    }

    [Fact]
    public void It_is_the_frame_of_Confluent()
    {
        Assert.Equal(42, WireFormat.Read([0, 0, 0, 0, 0x2A, 2], out var value));
        Assert.Equal(1, value.Length);
    }

    [Fact]
    public void A_frame_may_name_the_schema_by_its_GUID()
    {
        var guid = Guid.Parse("89791762-2336-186f-9674-299b90a8e2a9");

        Assert.Equal(new SchemaName(guid), WireFormat.ReadName([1, .. guid.ToByteArray(bigEndian: true), 2], out var value));
        Assert.Equal(1, value.Length);
        Assert.Equal(42, WireFormat.ReadName([0, 0, 0, 0, 0x2A, 2], out _));
        Assert.NotEqual(new SchemaName(0), new SchemaName(Guid.Empty));
        Assert.Contains("17", Assert.Throws<WireFormatException>(() => WireFormat.ReadName([1, 2, 3], out _)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("01", "GUID")]
    [InlineData("7b7d", "byte 123")]
    [InlineData("000000", "cut off")]
    [InlineData("00ffffffff", "-1")]
    public void What_is_no_frame_is_told_apart(string hex, string reason) =>
        Assert.Contains(reason, Assert.Throws<WireFormatException>(() => WireFormat.Read(Convert.FromHexString(hex), out _)).Message, StringComparison.Ordinal);
}

using StreamSettle.Streams.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.RocksDb;

public sealed class WriteBatchTests
{
    static readonly ColumnFamily Family = new("f", 0, 300);

    [Fact]
    public void The_bytes_are_those_of_RocksDBs_own_log()
    {
        var batch = new WriteBatch();
        batch.Put(Family, "p"u8, "k"u8, "h"u8, "val"u8);
        batch.Delete(Family, "p"u8, "q"u8);
        batch.DeleteRange(Family, "p"u8, "q"u8, "r"u8, []);

        Assert.Equal("000000000000000003000000" + "05AC02" + "02706B" + "0468" + "76616C" + "04AC02" + "027071" + "0EAC02" + "027071" + "0172", Convert.ToHexString(batch.Encoded));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    [InlineData(3_000_000)]
    public void A_key_can_be_changed_in_place_whatever_the_size_of_its_value(int valueLength)
    {
        var batch = new WriteBatch();
        batch.Put(Family, "first"u8, "value"u8);
        var at = batch.Put(Family, "ab"u8, "cd"u8, default, new byte[valueLength]);

        Assert.Equal("abcd"u8, batch.KeyAt(at, 4));
    }

    [Fact]
    public void A_cleared_batch_is_as_new()
    {
        var batch = new WriteBatch();
        batch.Put(Family, "k"u8, "v"u8);
        batch.Clear();

        Assert.Equal(0, batch.Count);
        Assert.Equal(new byte[12], batch.Encoded.ToArray());
    }
}

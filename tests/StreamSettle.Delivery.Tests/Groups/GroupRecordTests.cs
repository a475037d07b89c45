using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Groups;

/// <summary>Other instances read these bytes, also older and newer ones.</summary>
public class GroupRecordTests
{
    static readonly Guid Run = new("00112233-4455-6677-8899-aabbccddeeff");
    static readonly UtcInstant ToldAt = UtcInstant.Parse("2026-11-01T00:00:00Z");

    [Fact]
    public void Their_bytes_are_golden()
    {
        Assert.Equal("02", Hex(to => new GroupKey(Leg.Split).Write(to)));
        Assert.Equal("04000000000393870000000003", Hex(to => new GroupKey(Leg.Tax, TimeSpan.FromSeconds(60), 3).Write(to)));
        Assert.Equal("020700112233445566778899AABBCCDDEEFF05", Hex(to => new GroupRecord.Claimed(7, Run, 5).Write(to)));
        Assert.Equal("0307", Hex(to => new GroupRecord.Over(7).Write(to)));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal(new GroupKey(Leg.Tax, TimeSpan.FromSeconds(60), 3), GroupKey.Read(Bytes(to => new GroupKey(Leg.Tax, TimeSpan.FromSeconds(60), 3).Write(to))));
        Assert.Equal(new GroupRecord.Claimed(7, Run, 5), Read(new GroupRecord.Claimed(7, Run, 5)));
        Assert.Equal(new GroupRecord.Over(7), Read(new GroupRecord.Over(7)));
        Assert.Throws<CorruptStateException>(() => GroupRecord.Read([9]));
    }

    [Fact]
    public void What_was_to_last_a_minute_on_one_machine_lasts_a_minute_on_another_from_when_it_is_read()
    {
        var terms = new SystemTerms { ToldAt = ToldAt, Rules = [new(5, null)], PausedUntil = new MonotonicInstant(1_000) + TimeSpan.FromSeconds(60) };
        var told = Assert.IsType<GroupRecord.Told>(Read(GroupRecord.Told.At(terms, new(1_000))));

        var heard = told.From(new(9_000_000));
        Assert.Equal(new MonotonicInstant(9_000_000) + TimeSpan.FromSeconds(60), heard.PausedUntil);
        Assert.Equal(terms.Rules, heard.Rules);
    }

    [Theory]
    [InlineData(20, 40)]
    [InlineData(0, 60)]
    [InlineData(-3_600, 60)]
    public void What_was_kept_lasts_less_by_the_time_since_and_never_longer_than_it_was_told(int secondsSince, int secondsLeft)
    {
        var terms = new SystemTerms { ToldAt = ToldAt, PausedUntil = new MonotonicInstant(0) + TimeSpan.FromSeconds(60) };
        var now = new MonotonicInstant(7_000_000);

        var kept = GroupRecord.Told.At(terms, new(0)).Kept(now, ToldAt + TimeSpan.FromSeconds(secondsSince));
        Assert.Equal(now + TimeSpan.FromSeconds(secondsLeft), kept.PausedUntil);
    }

    static GroupRecord Read(GroupRecord record) => GroupRecord.Read(Bytes(record.Write));

    static string Hex(Action<ByteWriter> write) => Convert.ToHexString(Bytes(write));

    static byte[] Bytes(Action<ByteWriter> write)
    {
        var buffer = new ByteBuffer();
        write(new(buffer));
        return buffer.Written.ToArray();
    }
}

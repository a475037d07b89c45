using System.Text;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;

namespace StreamSettle.Audit.Tests.EventLog;

public sealed class EventCodecTests
{
    [Fact]
    public void A_record_has_the_bytes_that_are_drawn_beside_it()
    {
        var record = Sample.Record(42, new ReversalCompleted("7", "2026-11-02T10:00:00Z", 1));

        const string json = """{"N":1,"Cause":"7","RecordedAt":"2026-11-02T10:00:00Z"}""";
        Assert.Equal($"0111000000000000002A01373{json.Length % 16:X}{Convert.ToHexString(Encoding.UTF8.GetBytes(json))}", Convert.ToHexString(record));
    }

    [Fact]
    public void A_record_reads_back_as_it_was_written()
    {
        var record = EventCodec.Read(Sample.Record(-9, Sample.Calculated()));

        Assert.Equal(new OrderId(-9), record.OrderId);
        Assert.Equal(EventKind.SettlementCalculated, record.Kind);
        Assert.Equal("calculated", Encoding.UTF8.GetString(record.Cause));
        Assert.Equal(EventJson.Write(Sample.Calculated()), record.Json.ToArray());
        Assert.Equal(EventIds.Derive(new OrderId(-9), EventKind.SettlementCalculated, "calculated"), record.Id);
        Assert.Equal(EventJson.Write(Sample.Calculated()), EventJson.Write(record.Event()));
    }

    [Fact]
    public void A_record_that_is_cut_anywhere_is_corrupt()
    {
        var record = Sample.Record(42, Sample.Due());
        for (var length = 0; length < record.Length; length++)
        {
            Assert.Throws<CorruptStateException>(() => { EventCodec.Read(record.AsSpan(0, length)); });
        }
    }

    [Fact]
    public void A_record_of_another_version_kind_or_length_is_corrupt()
    {
        var record = Sample.Record(42, Sample.Due());

        Assert.Contains("version 2", Refused([2, .. record[1..]]), StringComparison.Ordinal);
        Assert.Contains("kind 0", Refused([1, 0, .. record[2..]]), StringComparison.Ordinal);
        Assert.Contains("kind 21", Refused([1, 21, .. record[2..]]), StringComparison.Ordinal);
        Assert.Contains("1 bytes follow", Refused([.. record, 0]), StringComparison.Ordinal);
    }

    static string Refused(byte[] record) => Assert.Throws<CorruptStateException>(() => { EventCodec.Read(record); }).Message;
}

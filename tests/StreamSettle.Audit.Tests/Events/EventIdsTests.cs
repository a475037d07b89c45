using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
using Xunit;

namespace StreamSettle.Audit.Tests.Events;

public sealed class EventIdsTests
{
    [Theory]
    [InlineData(42, EventKind.SettlementScheduled, "0/16B3748:1", "8024cf07-1bd2-8c0c-b87a-e9649c05844f")]
    [InlineData(42, EventKind.SettlementRescheduled, "0/16B3748:1", "c15cf167-f66d-8e52-9238-cf3fd458bd77")]
    [InlineData(-1, EventKind.DeliveryConfirmed, "-1:split:0#1", "73214968-df45-8b03-aefd-b094c97c015c")]
    [InlineData(long.MaxValue, EventKind.ReversalCompleted, "ü", "f86030cb-a859-8d09-9fe3-a57ca617e506")]
    public void An_id_follows_from_stream_kind_and_cause(long order, EventKind kind, string cause, string id) =>
        Assert.Equal(id, EventIds.Derive(new OrderId(order), kind, cause).ToString());

    [Fact]
    public void The_id_is_what_its_description_says_for_any_cause() =>
        Gen.Select(Gen.Long, Gen.Int[1, 20], Gen.String).Sample((order, tag, cause) =>
        {
            var kind = (EventKind)tag;
            byte[] input = [.. Field("streamsettle.event-id.1"), .. Field(new OrderId(order).ToString()), .. Field(kind.Alias()), .. Field(cause)];
            var hash = SHA256.HashData(input)[..16];
            var id = EventIds.Derive(new OrderId(order), kind, cause);

            Assert.Equal(8, id.Version);
            Assert.Equal(0b10, id.Variant >> 2);
            hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
            hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
            Assert.Equal(hash, id.ToByteArray(bigEndian: true));
        });

    static byte[] Field(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }
}

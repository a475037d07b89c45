using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;

namespace StreamSettle.Topology.Payouts;

/// <summary>Where merchants are, as their rows say now: a corrected zone or country counts at the next look.</summary>
sealed class MerchantPlaces(IReadOnlyKeyValueStore merchants)
{
    /// <returns>Country and IANA zone; empty where there is no row.</returns>
    public (string Country, string TimeZone) Of(MerchantId id)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        if (!merchants.TryGet(key, out var value) || PositionedRow.Read(value) is not { Deleted: false } positioned)
        {
            return ("", "");
        }

        var from = new ByteReader(positioned.Row);
        var row = MerchantRow.Read(ref from);
        return (Encoding.UTF8.GetString(row.Country), Encoding.UTF8.GetString(row.TimeZone));
    }
}

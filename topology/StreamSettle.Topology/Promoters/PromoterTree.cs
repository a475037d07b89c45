using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Settlement.Facts;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;

namespace StreamSettle.Topology.Promoters;

/// <summary>The promoters as the global store has them.</summary>
sealed class PromoterTree(IReadOnlyKeyValueStore promoters) : IPromoterTree
{
    public bool TryGetParent(PromoterId id, out PromoterId? parent)
    {
        parent = null;
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        if (!promoters.TryGet(key, out var value))
        {
            return false;
        }

        var row = PositionedRow.Read(value);
        if (row.Deleted)
        {
            return false;
        }

        var from = new ByteReader(row.Row);
        parent = from.NullableVarInt64() is { } recruiter ? new PromoterId(recruiter) : null;
        return true;
    }
}

using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Settlement.Facts;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;

namespace StreamSettle.Topology.Promoters;

/// <summary>
/// The promoters of one calculation as the global store had them when they were first asked for: asked again, it answers the same. It is as long as the
/// calculation climbs, which the levels of the rules bound, or the record of it, whatever circle the promoters make. Rows are facts of their own: the source tells them one by one.
/// </summary>
sealed class PromoterChain(IReadOnlyKeyValueStore promoters) : IPromoterTree
{
    readonly List<Link> links = [];

    /// <summary>Forgets what the calculation before was told.</summary>
    public void Begin() => links.Clear();

    public bool TryGetParent(PromoterId id, out PromoterId? parent)
    {
        foreach (var link in links)
        {
            if (link.Promoter == id)
            {
                parent = link.Parent;
                return link.HasRow;
            }
        }

        var taken = Take(id);
        links.Add(taken);
        parent = taken.Parent;
        return taken.HasRow;
    }

    /// <summary>The chain from a promoter up, itself first; as the calculation climbs it, but as far as <paramref name="most"/>, however few levels the rules have.</summary>
    public long[] From(PromoterId? first, int most)
    {
        Span<long> chain = stackalloc long[most];
        var count = 0;
        for (var next = first; next is { } promoter && count < most && !chain[..count].Contains(promoter.Value);)
        {
            chain[count++] = promoter.Value;
            if (!TryGetParent(promoter, out next))
            {
                break;
            }
        }

        return chain[..count].ToArray();
    }

    Link Take(PromoterId id)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        if (!promoters.TryGet(key, out var value))
        {
            return new(id, null, HasRow: false);
        }

        var row = PositionedRow.Read(value);
        if (row.Deleted)
        {
            return new(id, null, HasRow: false);
        }

        var from = new ByteReader(row.Row);
        return new(id, from.NullableVarInt64() is { } recruiter ? new PromoterId(recruiter) : null, HasRow: true);
    }

    readonly record struct Link(PromoterId Promoter, PromoterId? Parent, bool HasRow);
}

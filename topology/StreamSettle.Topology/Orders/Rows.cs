using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Orders;

/// <summary>Reads a row that stands alone in its bytes.</summary>
static class Rows
{
    public static OrderRow Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return OrderRow.Read(ref from);
    }
}

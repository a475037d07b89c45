using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>Reads changes as the connector's serde does, but none that begins with a tear, until the program is mended.</summary>
sealed class TornSerde(ISerde<OrderChange> changes, TornSerde.State state) : ISerde<OrderChange>
{
    public static ReadOnlySpan<byte> Tear => "\u0001"u8;

    public OrderChange Read(ReadOnlySpan<byte> source) =>
        !source.StartsWith(Tear) ? changes.Read(source)
        : state.Mended ? changes.Read(source[Tear.Length..])
        : throw new SerdeException("it is torn");

    public void Write(OrderChange value, ByteWriter destination) => changes.Write(value, destination);

    public sealed class State
    {
        public bool Mended { get; set; }
    }
}

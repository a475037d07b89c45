using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>Reads changes as the connector's deserializer does, but none that begins with a tear, until the program is mended.</summary>
sealed class TornDeserializer(IDeserializer<OrderChange> changes, TornDeserializer.State state) : IDeserializer<OrderChange>
{
    public static ReadOnlySpan<byte> Tear => "\u0001"u8;

    public OrderChange Read(ReadOnlySpan<byte> source) => Read(source, default);

    public OrderChange Read(ReadOnlySpan<byte> source, Headers headers) =>
        !source.StartsWith(Tear) ? changes.Read(source, headers)
        : state.Mended ? changes.Read(source[Tear.Length..], headers)
        : throw new SerdeException("it is torn");

    public sealed class State
    {
        public bool Mended { get; set; }
    }
}

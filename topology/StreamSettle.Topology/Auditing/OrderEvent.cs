using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Auditing;

/// <summary>A fact on its way to the event log.</summary>
readonly record struct OrderEvent(OrderId Order, SettlementEvent Happened);

/// <summary>Writes facts as records of <c>settlement-events</c>; the audit reads them as bytes.</summary>
sealed class OrderEventSerializer : ISerializer<OrderEvent>
{
    public void Write(OrderEvent value, ByteWriter destination) => EventCodec.Write(destination, value.Order, value.Happened);
}

using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>What settle reads: what the clock says of an order, or what delivery says of a call.</summary>
readonly ref struct SettleInput
{
    public OrderMessage Message { get; init; }

    public DeliveryResult? Result { get; init; }
}

sealed class SettleMessageDeserializer(IDeserializer<OrderMessage> messages) : IDeserializer<SettleInput>
{
    public SettleInput Read(ReadOnlySpan<byte> source) => new() { Message = messages.Read(source) };
}

sealed class SettleResultDeserializer(IDeserializer<DeliveryResult> results) : IDeserializer<SettleInput>
{
    public SettleInput Read(ReadOnlySpan<byte> source) => new() { Result = results.Read(source) };
}

using StreamSettle.Kernel.Bytes;
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

sealed class SettleMessageSerde : ISerde<SettleInput>
{
    public SettleInput Read(ReadOnlySpan<byte> source) => new() { Message = OrderMessage.Read(source) };

    public void Write(SettleInput value, ByteWriter destination) => value.Message.Write(destination);
}

sealed class SettleResultSerde : ISerde<SettleInput>
{
    public SettleInput Read(ReadOnlySpan<byte> source) => new() { Result = DeliveryResult.Read(source) };

    public void Write(SettleInput value, ByteWriter destination) => value.Result!.Value.Write(destination);
}

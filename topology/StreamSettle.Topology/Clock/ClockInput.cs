using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Clock;

/// <summary>What the clock reads: a change of an order, one that cannot be read, what an operator asks, or what settle is done with. Exactly one is there.</summary>
readonly ref struct ClockInput
{
    public OrderChange Change { get; init; }

    public OperatorRequest? Request { get; init; }

    public FinishedOrder? Finished { get; init; }

    /// <summary>Why the change cannot be read; null where it can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The bytes of a change.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }
}

/// <summary>Reads changes by the connector's own deserializer. One that cannot be read is not thrown away here: the clock may know its order by the key.</summary>
sealed class ClockChangeDeserializer(IDeserializer<OrderChange> changes) : IDeserializer<ClockInput>
{
    public ClockInput Read(ReadOnlySpan<byte> source) => Read(source, default);

    public ClockInput Read(ReadOnlySpan<byte> source, Headers headers)
    {
        try
        {
            return new() { Change = changes.Read(source, headers), Raw = source };
        }
        catch (SerdeException unreadable)
        {
            return new() { Unreadable = unreadable.Message, Raw = source };
        }
    }
}

/// <summary>Reads operators' requests.</summary>
sealed class ClockRequestDeserializer(IDeserializer<OperatorRequest> requests) : IDeserializer<ClockInput>
{
    public ClockInput Read(ReadOnlySpan<byte> source) => new() { Request = requests.Read(source) };
}

/// <summary>Reads what settle is done with.</summary>
sealed class ClockFinishedDeserializer : IDeserializer<ClockInput>
{
    public ClockInput Read(ReadOnlySpan<byte> source) => new() { Finished = FinishedOrder.Read(source) };
}

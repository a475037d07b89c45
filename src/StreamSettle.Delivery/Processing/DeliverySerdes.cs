using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>How commands are read, and results and dead letters are written; each task has one of its own.</summary>
public sealed record DeliverySerdes(Func<IDeserializer<DeliveryCommand>> Commands, Func<ISerializer<DeliveryResult>> Results, Func<ISerializer<DeadLetter>> DeadLetters)
{
    /// <summary>The layouts beside the types.</summary>
    public static DeliverySerdes Binary { get; } = new(() => new BinarySerde<DeliveryCommand>(), () => new BinarySerde<DeliveryResult>(), () => new BinarySerde<DeadLetter>());
}

using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Processing;

/// <summary>The nodes and the store of one leg's sub-topology.</summary>
/// <param name="Results">The sink or child that takes <c>Output&lt;MerchantId, DeliveryResult&gt;</c>.</param>
/// <param name="DeadLetters">The sink or child that takes <c>Output&lt;string, DeadLetter&gt;</c>.</param>
public sealed record DeliveryNames(string Source, string Processor, string Store, string Results, string DeadLetters)
{
    /// <summary><c>split-commands</c>, <c>split-delivery</c>, <c>split-calls</c>, <c>split-results</c>, <c>split-dead-letters</c>.</summary>
    public static DeliveryNames Of(Leg leg)
    {
        var name = leg.Name();
        return new($"{name}-commands", $"{name}-delivery", $"{name}-calls", $"{name}-results", $"{name}-dead-letters");
    }
}

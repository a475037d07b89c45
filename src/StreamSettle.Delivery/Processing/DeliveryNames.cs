using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Processing;

/// <summary>The nodes and the store of one leg's sub-topology, <c>deliver-split</c>: the same wherever it is built.</summary>
sealed class DeliveryNames(Leg leg)
{
    readonly string leg = leg.Name();

    public string Source => $"{leg}-commands-source";

    public string Processor => $"deliver-{leg}";

    public string Store => $"{leg}-calls";

    /// <summary>The sink for results.</summary>
    public string Results => $"{leg}-results";

    /// <summary>The sink for what other instances have to know of the system.</summary>
    public string Group => $"{leg}-budget";

    /// <summary>The sink for dead letters.</summary>
    public string DeadLetters => $"{leg}-dead-letters";
}

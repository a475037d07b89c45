using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>How calls go to the systems of a run: <c>--batch</c> calls in a request at most, and <c>--batch-order</c>.</summary>
readonly record struct Batching(int Size, BatchOrder Order)
{
    /// <exception cref="UserMistakeException">There is no such order.</exception>
    public static Batching Of(IReadOnlyDictionary<string, string> options, int size, BatchOrder order)
    {
        var text = options.GetValueOrDefault("batch-order", $"{order}");
        return Enum.TryParse<BatchOrder>(text, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
            ? new(options.Count("batch", size), parsed)
            : throw new UserMistakeException($"--batch-order must be one of {string.Join(", ", Enum.GetNames<BatchOrder>())}, but is '{text}'");
    }

    /// <summary>Systems that behave, and keep the order that they are said to.</summary>
    public FaultPlan Systems(TimeSpan latency = default)
    {
        var faults = new SystemFaults { Latency = latency, InOrder = Order == BatchOrder.InOrder };
        return FaultPlan.ForAll(_ => faults);
    }
}

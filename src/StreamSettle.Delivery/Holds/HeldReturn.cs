using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Holds;

/// <summary>The ends of a task's lanes, where what was kept back comes back.</summary>
/// <param name="Enqueue">Puts a call at the end of its lane.</param>
/// <param name="NextNo">The number that the next call to be put anywhere will have.</param>
internal sealed record HeldReturn(Action<CallKey, CallState> Enqueue, Func<long> NextNo);

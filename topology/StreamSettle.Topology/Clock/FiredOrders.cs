using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Clock;

/// <summary>What became of the orders that were due at one look.</summary>
/// <param name="Count">How many were handed over.</param>
/// <param name="Through">Up to this mark all are.</param>
/// <param name="Last">The last mark of those handed over; null for none.</param>
/// <param name="Waits">The order that waits for the end of what it rests on, and all behind it with it; null for none.</param>
readonly record struct FiredOrders(int Count, UtcInstant Through, UtcInstant? Last, OrderId? Waits);

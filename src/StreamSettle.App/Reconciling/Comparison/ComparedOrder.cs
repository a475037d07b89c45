using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Delivery.Asking;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>An order as the three have it.</summary>
/// <param name="Row">The shop's; null where it has none, or is not asked.</param>
/// <param name="Answers">What systems said of the calls that they were asked for; empty where they are not asked.</param>
sealed record ComparedOrder(OrderRow? Row, LoggedOrder Log, IReadOnlyDictionary<AskedCall, RecordedCall> Answers);

/// <summary>A call that its system is asked for.</summary>
/// <param name="Key">As the system knows it.</param>
readonly record struct AskedCall(Leg Leg, int N, string Key);

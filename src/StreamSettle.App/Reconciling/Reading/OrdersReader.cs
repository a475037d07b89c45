using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Reconciling.Reading;

/// <summary>Reads what all three have of some orders now.</summary>
delegate Task<IReadOnlyList<ComparedOrder>> OrdersReader(IReadOnlyCollection<OrderId> ids, ComparisonTerms terms, CancellationToken stop);

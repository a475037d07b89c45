using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.EventLog;

/// <summary>One event of a batch; its body is a range of the batch's bytes.</summary>
/// <param name="Source">Index in <see cref="EventBatch.Sources"/>.</param>
public readonly record struct BatchEntry(int Source, long Offset, OrderId Order, EventKind Kind, Guid Id, int RecordStart, int RecordLength, int JsonLength);

using StreamSettle.Schemas.Changes;

namespace StreamSettle.Topology.Merchants;

/// <summary>A change of a table whose rows every instance has, without what it says of the row.</summary>
/// <param name="Key">The row's; of a sweep meaningless.</param>
readonly record struct ChangedRow(ChangeOp Op, long Key, ChangePosition Position);

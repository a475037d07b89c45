using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Vectors;

/// <summary>A refund that arrives after the settlement.</summary>
/// <param name="Text">As the case has it, to be repeated in the answer.</param>
/// <param name="Amount">Cumulative.</param>
internal sealed record VectorRefund(string Text, DecimalAmount Amount);

using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Calls;

/// <summary>What follows for a call: its next state, and what settlement is told.</summary>
/// <param name="Outcome">Null where settlement need not know.</param>
/// <param name="Text">Receipt or reason, as the outcome says.</param>
internal readonly record struct Decision(CallState Next, DeliveryOutcome? Outcome = null, string Text = "");

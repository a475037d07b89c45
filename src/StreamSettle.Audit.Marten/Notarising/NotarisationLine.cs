using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>A notarisation at one notary, for a list.</summary>
/// <param name="Subject"><c>seal 12</c> or <c>event 4711</c>.</param>
/// <param name="State">The last step's kind; <c>waiting</c> before the first.</param>
/// <param name="At">Of the last step; when it was decided on before the first.</param>
/// <param name="Detail">Where the transaction is, or why it failed; empty for a time stamp, which is a page of characters.</param>
public sealed record NotarisationLine(long Number, string Subject, string Notary, string State, UtcInstant At, string Detail);

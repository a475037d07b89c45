using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>A notarisation as one notary has it.</summary>
/// <param name="PlannedAt">When it was decided on.</param>
internal sealed record NotaryCase(long Number, string Statement, UtcInstant PlannedAt, IReadOnlyList<NotaryStep> Steps);

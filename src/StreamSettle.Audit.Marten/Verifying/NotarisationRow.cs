namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>A notarisation as it stands in the tables.</summary>
/// <param name="Given">By notary: how many steps there are, and its evidence; null where it has given none.</param>
internal sealed record NotarisationRow(long Number, string Kind, long Subject, string Statement, string[] Notaries, IReadOnlyDictionary<string, (int Steps, string? Evidence)> Given);

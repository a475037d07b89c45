using StreamSettle.Audit.Encryption;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>What a ring of master keys makes of a stored key.</summary>
internal static class KeyOpening
{
    public static FieldKey Open(DataKeyRow row, KeyRing ring) =>
        row.Wrapped is null ? new FieldKey.Shredded()
        : ring.Find(row.MasterKey) is not { } master ? new FieldKey.Closed($"master key '{row.MasterKey}' is not given: Audit:Encryption:MasterKeys:{row.MasterKey}")
        : master.Unwrap(row.Wrapped, row.Name) is not { } secret ? new FieldKey.Closed($"master key '{row.MasterKey}' is another than the one that wrapped the key of merchant {row.Name.Merchant}, or that was altered")
        : new FieldKey.Open(new(row.Name.Id, secret));
}

using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>A shredding as it is recorded beside the keys.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="Keys">How many keys were destroyed.</param>
/// <param name="By">Name of the key of who asked for it.</param>
/// <param name="Request">The same request again is the same shredding.</param>
/// <param name="At">By the database's clock.</param>
public sealed record Shredding(long Number, string Merchant, int Keys, string By, string Reason, string Request, UtcInstant At);

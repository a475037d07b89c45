using StreamSettle.Kernel.Ids;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>A merchant as the first snapshot found it.</summary>
public sealed record SnapshotMerchant(MerchantId Id, string Tier, string Country, string TimeZone);

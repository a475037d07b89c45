namespace StreamSettle.Streams.Stores;

/// <summary>How far a store's restore has come, in offsets of its changelog, gaps included. Nothing of nothing for a store that was whole when it was opened.</summary>
/// <param name="Restored">Offsets that were brought in, or passed.</param>
/// <param name="Total">Offsets from where the restore began to where the changelog ended then.</param>
public readonly record struct StoreRestore(long Restored, long Total);

using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded;

/// <summary>The column families of the embedded log's database.</summary>
internal static class FamilyNames
{
    public const string Meta = "meta";
    public const string Log = "log";
    public const string Positions = "positions";
    const string StorePrefix = "store.";

    public static string OfStore(string store) => StorePrefix + store;

    public static FamilyUse UseOf(string family) => family switch
    {
        Log => FamilyUse.Log,
        Meta or Positions => FamilyUse.Small,
        _ => FamilyUse.Store,
    };
}

using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Embedded;

/// <summary>The column families of an open log; those of stores come with their first use.</summary>
internal sealed class LogFamilies(Database database)
{
    public ColumnFamily Meta { get; } = database.Family(FamilyNames.Meta, FamilyUse.Small);

    public ColumnFamily Log { get; } = database.Family(FamilyNames.Log, FamilyUse.Log);

    public ColumnFamily Positions { get; } = database.Family(FamilyNames.Positions, FamilyUse.Small);

    public ColumnFamily OfStore(StoreSpec store) => database.Family(FamilyNames.OfStore(store.Name), FamilyUse.Store);
}

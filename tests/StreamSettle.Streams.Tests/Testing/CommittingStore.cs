using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>An overlay over a memory base that commits every so many steps.</summary>
sealed class CommittingStore(int commitEvery) : IDisposable
{
    readonly MemoryStoreBase committed = new();
    OverlayStore? store;
    int steps;

    public OverlayStore Store => store ??= new(new("store"), committed);

    public void Step()
    {
        if (++steps % commitEvery == 0)
        {
            Commit();
        }
    }

    public void Commit()
    {
        committed.Apply(Store.Changes);
        Store.ClearOverlay();
    }

    /// <summary>Loses what is not committed.</summary>
    public void Crash() => store = null;

    public void Dispose() => committed.Dispose();
}

namespace StreamSettle.Streams.Stores;

/// <summary>No entries.</summary>
sealed class EmptyScan : StoreScan
{
    public static EmptyScan Instance { get; } = new();

    public override ReadOnlySpan<byte> Key => default;

    public override ReadOnlySpan<byte> Value => default;

    public override bool MoveNext() => false;

    public override void Dispose()
    {
        // One instance serves all: it has no state.
    }
}

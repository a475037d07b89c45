namespace StreamSettle.Topology.Payouts;

/// <summary>
/// Up to where a kind of entries has none any more. A scan that begins there does not walk over what was deleted, which costs like what is there until the storage has
/// cleared it away: with it a look costs what may go, however much went before. Of this process only; without it a scan begins at the beginning.
/// </summary>
sealed class ClearedPlace
{
    byte[] place = [];

    /// <summary>The key to begin with.</summary>
    /// <param name="first">Where nothing is known.</param>
    public ReadOnlySpan<byte> From(ReadOnlySpan<byte> first) => place.Length == 0 ? first : place;

    /// <summary>All up to this key are gone.</summary>
    public void Cleared(ReadOnlySpan<byte> key) => place = key.ToArray();

    /// <summary>An entry has come; it may lie before.</summary>
    public void Added(ReadOnlySpan<byte> key)
    {
        if (key.SequenceCompareTo(place) < 0)
        {
            place = key.ToArray();
        }
    }

    public void Forget() => place = [];
}

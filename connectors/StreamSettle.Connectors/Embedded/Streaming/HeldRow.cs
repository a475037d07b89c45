namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>A row under a key, as long as its transaction has it there.</summary>
/// <param name="wasThere">The transaction did not put it there.</param>
internal sealed class HeldRow(bool wasThere)
{
    readonly List<(HeldChange Change, bool Puts)> changes = [];

    public bool WasThere => wasThere;

    /// <summary>What tells it from others of its key; null when it has gone from there.</summary>
    public byte[]? Image { get; private set; }

    /// <summary>Where the transaction first touched it.</summary>
    public ulong FirstLsn => changes[0].Change.Point.Lsn;

    public void Put(HeldChange change, byte[] image)
    {
        Image = image;
        changes.Add((change, true));
    }

    public void Take(HeldChange change)
    {
        Image = null;
        changes.Add((change, false));
    }

    /// <summary>Its changes from a place on say nothing of what is left under the key.</summary>
    public void Drop(ulong from)
    {
        foreach (var (change, puts) in changes.Where(touched => touched.Change.Point.Lsn >= from))
        {
            (change.Takes, change.Puts) = puts ? (change.Takes, false) : (false, change.Puts);
        }
    }
}

namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>Buffers of one reading thread, grown as needed and reused.</summary>
internal sealed class ReadScratch
{
    byte[] key = new byte[64];
    byte[] value = new byte[256];

    /// <summary>Where values are read to.</summary>
    public ref byte[] Value => ref value;

    /// <summary><paramref name="prefix"/> and <paramref name="rest"/> one after the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Join(ReadOnlySpan<byte> prefix, scoped ReadOnlySpan<byte> rest)
    {
        var length = prefix.Length + rest.Length;
        if (length > key.Length)
        {
            key = new byte[Math.Max(length, key.Length * 2)];
        }

        prefix.CopyTo(key);
        rest.CopyTo(key.AsSpan(prefix.Length));
        return key.AsSpan(0, length);
    }
}
